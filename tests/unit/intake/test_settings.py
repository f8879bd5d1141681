"""The knobs: a wrong key is named with what to do about it."""

import base64

import pytest
from pydantic import SecretStr, ValidationError

from services.intake.adapters.forms import FormRows, _compiled
from services.intake.settings import IntakeSettings, key_bytes

GOOD = SecretStr(base64.b64encode(bytes(32)).decode())


@pytest.mark.parametrize("key", ("", "not base64!", base64.b64encode(bytes(16)).decode()))
def test_a_key_that_is_no_key_is_refused_without_being_repeated(key: str) -> None:
    with pytest.raises(ValidationError, match="32 random bytes") as error:
        IntakeSettings(
            database_url=SecretStr("x"),
            kafka_servers="x",
            sealing_key=SecretStr(key),
            patient_reference_key=GOOD,
        )
    assert not key or key not in str(error.value)


def test_a_key_is_thirty_two_bytes() -> None:
    assert key_bytes(GOOD) == bytes(32)


def test_a_form_that_cannot_be_read_is_no_form() -> None:
    assert _compiled({"resourceType": "Patient"}) is None
    rows = FormRows({("broken", 1): (None, None, {})})
    assert rows.question_form("broken", 1) is rows.answer_form("unheard-of", 1) is None
