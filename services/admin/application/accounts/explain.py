"""Why somebody can or can't do this with this kind of case at a clinic: rule by rule, in words.

The rules are those that intake and routing judge by; nothing here decides anything.
"""

from datetime import date
from enum import StrEnum

from pydantic import BaseModel, Field

from services.admin.domain.account import Account
from services.admin.domain.clinic import Clinic
from shared.contracts.case_rights import CONVERSATION, RESPONSIBILITY, Right, Tie
from shared.contracts.events.admin import Role

RIGHTS = {**CONVERSATION, **RESPONSIBILITY}
CaseAct = StrEnum("CaseAct", {name.upper(): name for name in RIGHTS})  # type: ignore[misc]
"""What somebody may want to do with a case."""


class Relation(StrEnum):
    """What the case is to the person."""

    OWN = "own"
    """They hold it, or answered it."""
    OTHER = "other"
    """A colleague holds it."""
    QUEUE = "queue"
    """It waits in the clinic's queue."""


class StepView(BaseModel):
    """One rule, and whether it is met."""

    code: str
    met: bool
    sv: str
    en: str


class ActView(BaseModel):
    """One act, and whether it is permitted."""

    act: str
    permitted: bool
    sv: str
    en: str


class ExplanationView(BaseModel):
    """Rule by rule."""

    staff_id: str
    clinic_id: str
    relation: Relation
    steps: list[StepView] = Field(
        description="What must be so before any act; in the order in which it is looked at"
    )
    acts: list[ActView]


_ROLES = {
    Role.RECEIVER: ("ärendemottagare", "receiver"),
    Role.CAREGIVER: ("vårdgivare", "caregiver"),
    Role.CLINIC_ADMIN: ("administratör", "clinic administrator"),
    Role.PERMISSION_ADMIN: ("behörighetsadministratör", "permission administrator"),
    Role.REVIEWER: ("granskare", "reviewer"),
    Role.REGIONAL_ADMIN: ("regional administratör", "regional administrator"),
    Role.NATIONAL_ADMIN: ("nationell administratör", "national administrator"),
}
_TIES = {
    Tie.NONE: ("alla mottagningens ärenden", "every case of the clinic"),
    Tie.OWN: ("ärenden som personen har eller har besvarat", "cases that the person holds or has answered"),
    Tie.HELD: ("ärenden som personen har eller hade senast", "cases that the person holds or held last"),
    Tie.ANSWERED: ("ärenden som personen har besvarat", "cases that the person has answered"),
    Tie.CLAIMABLE: (
        "ärenden i kön, när mottagningen låter vårdgivare ta dem",
        "cases in the queue, where the clinic lets caregivers take them",
    ),
    Tie.QUEUED: (
        "ärenden som väntar i kön, när mottagningen låter vårdgivare ta dem",
        "cases that wait in the queue, where the clinic lets caregivers take them",
    ),
}


def explain(
    account: Account, clinic: Clinic, relation: Relation, act: CaseAct | None = None
) -> ExplanationView:
    """Every rule that bears on this person and this kind of case; for one act, or for all."""
    asked = [act.value] if act is not None else list(RIGHTS)
    return ExplanationView(
        staff_id=account.id,
        clinic_id=clinic.id,
        relation=relation,
        steps=[_open(account), _time(account, clinic), _roles(account, clinic), *_aside(account, clinic)],
        acts=[_act(account, clinic, relation, name) for name in asked],
    )


def ties(clinic: Clinic, relation: Relation) -> frozenset[Tie]:
    """Which ties there are between somebody and a case of theirs, of a colleague, or of the queue."""
    there = {Tie.NONE}
    if relation is Relation.OWN:
        there |= {Tie.OWN, Tie.HELD, Tie.ANSWERED}
    if clinic.claim_allowed:
        there |= {Tie.CLAIMABLE, Tie.QUEUED} if relation is Relation.QUEUE else {Tie.CLAIMABLE}
    return frozenset(there)


def _act(account: Account, clinic: Clinic, relation: Relation, act: str) -> ActView:
    there = ties(clinic, relation)
    ways = RIGHTS[act]
    held = account.roles_at(clinic.id) if account.locked is None else frozenset[Role]()
    fitting = [right for right in ways if right.tie in there]
    for right in fitting:
        if right.role in held:
            sv, en = _way(right)
            return ActView(act=act, permitted=True, sv=f"Ja: {sv}.", en=f"Yes: {en}.")
    if account.locked is not None:
        sv, en = "Nej: kontot är låst.", "No: the account is locked."
    elif not fitting:
        sv, en = "Nej: det gäller bara {}.", "No: it is for {} only."
        sv, en = sv.format(_joined(ways, 0)), en.format(_joined(ways, 1))
    else:
        sv = f"Nej: {' och '.join(_way(right)[0] for right in fitting)}, och personen är inget av det."
        en = f"No: {' and '.join(_way(right)[1] for right in fitting)}, and the person is none of these."
    return ActView(act=act, permitted=False, sv=sv, en=en)


def _way(right: Right) -> tuple[str, str]:
    """One way to be permitted, as a clause."""
    role_sv, role_en = _ROLES[right.role]
    tie_sv, tie_en = _TIES[right.tie]
    return f"{role_sv} får det för {tie_sv}", f"a {role_en} may do it for {tie_en}"


def _joined(ways: tuple[Right, ...], language: int) -> str:
    between = (" eller ", " or ")[language]
    return between.join(dict.fromkeys(_TIES[right.tie][language] for right in ways))


def _open(account: Account) -> StepView:
    if account.locked is None:
        return StepView(
            code="not_locked", met=True, sv="Kontot är inte låst.", en="The account is not locked."
        )
    return StepView(
        code="not_locked",
        met=False,
        sv=f"Kontot är låst ({account.locked}). Ett låst konto får ingenting.",
        en=f"The account is locked ({account.locked}). A locked account may do nothing.",
    )


def _time(account: Account, clinic: Clinic) -> StepView:
    last: date | None = account.last_on.get(clinic.id)
    if last is None:
        return StepView(
            code="in_time", met=True, sv="Behörigheten gäller tills vidare.", en="It has no last day."
        )
    met = clinic.id not in account.ended
    return StepView(
        code="in_time",
        met=met,
        sv=f"Behörigheten {'gäller till och med' if met else 'upphörde efter'} {last}.",
        en=f"The permission {'counts until the end of' if met else 'ended after'} {last}.",
    )


def _roles(account: Account, clinic: Clinic) -> StepView:
    roles = sorted(account.roles_at(clinic.id))
    if not roles:
        return StepView(
            code="has_role",
            met=False,
            sv="Personen har ingen behörighet på mottagningen.",
            en="The person has no permission at the clinic.",
        )
    return StepView(
        code="has_role",
        met=True,
        sv=f"Personen är {', '.join(_ROLES[role][0] for role in roles)} på mottagningen.",
        en=f"At the clinic the person is {', '.join(_ROLES[role][1] for role in roles)}.",
    )


def _aside(account: Account, clinic: Clinic) -> list[StepView]:
    """What people take for a reason, and what is none."""
    steps = []
    if not account.present:
        steps.append(
            StepView(
                code="absence_is_no_bar",
                met=True,
                sv="Personen är frånvarande: inga nya ärenden fördelas, men behörigheten gäller.",
                en="The person is away: no new cases are assigned, but the permission counts.",
            )
        )
    if not clinic.active:
        steps.append(
            StepView(
                code="closed_clinic_is_no_bar",
                met=True,
                sv="Mottagningen tar inte emot nya ärenden; de som finns hanteras som vanligt.",
                en="The clinic takes no new cases; those it has are handled as usual.",
            )
        )
    return steps
