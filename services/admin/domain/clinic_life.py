"""The whole life of a clinic, from before it opens until it is closed; a pair that is absent is refused."""

from enum import StrEnum

from shared.contracts.clinic_settings import ClinicState
from shared.errors import Refused
from shared.faults import Fault


class Step(StrEnum):
    """What its administrators do with a clinic."""

    OPEN = "open"
    SWITCH_OFF = "switch_off"
    DRAIN = "drain"
    CLOSE = "close"


LIFE: dict[tuple[ClinicState, Step], ClinicState] = {
    (ClinicState.INACTIVE, Step.OPEN): ClinicState.OPEN,
    (ClinicState.INACTIVE, Step.DRAIN): ClinicState.DRAINING,  # switched off, and not to come back
    (ClinicState.OPEN, Step.SWITCH_OFF): ClinicState.INACTIVE,
    (ClinicState.OPEN, Step.DRAIN): ClinicState.DRAINING,
    (ClinicState.DRAINING, Step.OPEN): ClinicState.OPEN,  # it was decided otherwise
    (ClinicState.DRAINING, Step.CLOSE): ClinicState.CLOSED,
    (ClinicState.CLOSED, Step.OPEN): ClinicState.OPEN,  # reopened
}

_STATES = {
    ClinicState.INACTIVE: ("inte öppnad", "not open"),
    ClinicState.OPEN: ("öppen", "open"),
    ClinicState.DRAINING: ("under avveckling", "draining"),
    ClinicState.CLOSED: ("stängd", "closed"),
}
_STEPS = {
    Step.OPEN: ("öppnas", "be opened"),
    Step.SWITCH_OFF: ("stängas av", "be switched off"),
    Step.DRAIN: ("avvecklas", "be drained"),
    Step.CLOSE: ("stängas", "be closed"),
}


def after(state: ClinicState, step: Step) -> ClinicState:
    """What a clinic is after a step. Raises Refused where the step does not follow."""
    following = LIFE.get((state, step))
    if following is None:
        raise Refused(_does_not_follow(state, step))
    return following


def _does_not_follow(state: ClinicState, step: Step) -> Fault:
    (is_sv, is_en), (step_sv, step_en) = _STATES[state], _STEPS[step]
    before = [_STATES[state_before] for state_before, its in LIFE if its is step]
    sv, en = (" / ".join(names) for names in zip(*before, strict=True))
    return Fault(
        "state",
        "does_not_follow",
        f"Mottagningen är {is_sv} och kan inte {step_sv} nu. Den måste först vara {sv}.",
        f"The clinic is {is_en} and can't {step_en} now. It must be {en} first.",
    )
