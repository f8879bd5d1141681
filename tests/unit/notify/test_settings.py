"""Settings that would be dangerous in production are refused there."""

import pytest
from pydantic import ValidationError

from services.notify.settings import NotifySettings

NEEDED = {"database_url": "postgresql://x", "kafka_servers": "x:1"}


@pytest.mark.parametrize(
    ("chosen", "wrong"),
    (
        ({}, "VARDVAXEL_MAIL_SENDER"),
        ({"mail_sender": "v@region.example", "smtp_user": "v"}, "VARDVAXEL_SMTP_TLS"),
    ),
)
def test_production_needs_a_sender_and_hides_the_password(chosen: dict[str, str], wrong: str) -> None:
    with pytest.raises(ValidationError, match=wrong):
        NotifySettings.model_validate(NEEDED | chosen)


def test_what_is_safe_is_taken() -> None:
    chosen = {"mail_sender": "v@region.example", "smtp_user": "v", "smtp_tls": "starttls"}
    assert NotifySettings.model_validate(NEEDED | chosen).patience.attempts == 16
    assert NotifySettings.model_validate(NEEDED | {"environment": "development"}).gather_seconds == 2


@pytest.mark.parametrize("url", ("javascript:alert(1)", "https://x y", "ftp://x", "https://x\r\ny"))
def test_a_link_leads_to_a_web_page(url: str) -> None:
    with pytest.raises(ValidationError):
        NotifySettings.model_validate(NEEDED | {"environment": "development", "staff_url": url})
