"""Check a week's sample: judge each access, then sign the whole off."""

from datetime import datetime

from services.admin.application.access_log.commands import JudgeAccess, SampleCommand, SignOffSample
from services.admin.application.access_log.views import SampleView, sample_view
from services.admin.application.faults import not_found
from services.admin.application.policy import Act, Subject, must
from services.admin.domain.access_sample import AccessSample
from services.admin.domain.account import Account
from shared.contracts.ids import ClinicId


def judge_access(
    command: JudgeAccess, actor: Account | None, sample: AccessSample | None, now: datetime
) -> SampleView:
    """Say whether one access was justified; until the sample is signed off this can be changed."""
    sample = _to_check(command, actor, sample)
    wish = command.wish
    sample.judge(command.number, wish.verdict, wish.reason, wish.reference, command.actor, now)
    return sample_view(sample, now)


def sign_off_sample(
    command: SignOffSample, actor: Account | None, sample: AccessSample | None, now: datetime
) -> SampleView:
    """Every access is judged: the sample is done."""
    sample = _to_check(command, actor, sample)
    sample.sign_off(command.actor, now)
    return sample_view(sample, now)


def _to_check(command: SampleCommand, actor: Account | None, sample: AccessSample | None) -> AccessSample:
    must(actor, Act.CHECK_ACCESSES, Subject(frozenset({ClinicId(command.clinic_id)})))
    if sample is None:
        raise not_found("week")
    sample.expect_version(command.expected_version)
    return sample
