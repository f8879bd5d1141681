"""An address of one's own choice is used when its owner has shown that it is theirs."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from services.admin.application.accounts.addresses import choose_address, verify_address
from services.admin.application.accounts.commands import ChooseAddress, VerifyAddress
from services.admin.application.accounts.wishes import OtherAddress, Verification
from services.admin.domain.account import Account
from services.admin.domain.other_address import ASKED_AGAIN_AFTER, VALID_WITHIN
from shared.contracts.events.admin import Role
from shared.errors import Forbidden, Refused
from tests.unit.admin.builders import NOW, an_account

CODE = uuid4()


def somebody() -> Account:
    anna = an_account("ANNA", hill=Role.CAREGIVER)
    anna.email = "anna@region.example"
    return anna


def choosing(
    account: Account,
    email: str | None = "anna@home.example",
    *,
    actor: Account | None = None,
    code: UUID = CODE,
    at: datetime = NOW,
) -> None:
    wish = None if email is None else OtherAddress(email=email)
    command = ChooseAddress(
        actor=(actor or account).id,
        staff_id=account.id,
        expected_version=account.version,
        wish=wish,
        code=code,
    )
    choose_address(command, actor or account, account, at)


def verifying(account: Account, code: UUID = CODE, *, at: datetime = NOW) -> None:
    command = VerifyAddress(
        actor=account.id,
        staff_id=account.id,
        expected_version=account.version,
        wish=Verification(code=code),
    )
    verify_address(command, account, account, at)


def test_notifications_go_to_the_old_address_until_the_new_one_is_verified() -> None:
    anna = somebody()
    choosing(anna)
    asked = anna.published()
    assert (asked.email, asked.unverified_email) == ("anna@region.example", "anna@home.example")
    assert asked.verification_id == CODE

    verifying(anna)
    done = anna.published()
    assert (done.email, done.unverified_email, done.verification_id) == ("anna@home.example", "", None)

    choosing(anna, None)
    assert anna.published().email == "anna@region.example"


@pytest.mark.parametrize(
    ("code", "after"), ((uuid4(), timedelta()), (CODE, VALID_WITHIN + timedelta(seconds=1)))
)
def test_a_wrong_code_and_an_old_one_prove_nothing(code: UUID, after: timedelta) -> None:
    anna = somebody()
    choosing(anna)
    with pytest.raises(Refused, match="wrong_code"):
        verifying(anna, code, at=NOW + after)
    assert anna.published().email == "anna@region.example"


def test_a_code_counts_once_and_only_the_latest() -> None:
    anna = somebody()
    choosing(anna)
    latest = uuid4()
    choosing(anna, "anna@other.example", code=latest, at=NOW + ASKED_AGAIN_AFTER)
    with pytest.raises(Refused, match="wrong_code"):
        verifying(anna, at=NOW + ASKED_AGAIN_AFTER)
    verifying(anna, latest, at=NOW + ASKED_AGAIN_AFTER)
    with pytest.raises(Refused, match="wrong_code"):
        verifying(anna, latest, at=NOW + ASKED_AGAIN_AFTER)
    assert anna.other_email == "anna@other.example"


def test_nobody_fills_a_mailbox_by_asking_again() -> None:
    anna = somebody()
    choosing(anna)
    with pytest.raises(Refused, match="asked_just_now"):
        choosing(anna, "victim@example.org", at=NOW + ASKED_AGAIN_AFTER - timedelta(seconds=1))


@pytest.mark.parametrize("role", (Role.CLINIC_ADMIN, Role.NATIONAL_ADMIN))
def test_nobody_turns_another_person_s_mail_away(role: Role) -> None:
    with pytest.raises(Forbidden):
        choosing(somebody(), actor=an_account("ADMIN", hill=role))
