"""Why intake refuses: which field, what is wrong, what to do, in Swedish and English."""

from datetime import date, datetime

from services.intake.domain.neighbours import STOCKHOLM, Clinic, Portal
from shared.contracts.clinic_settings import Sex
from shared.faults import Fault

PORTAL_INACTIVE = Fault(
    "",
    "portal_inactive",
    "Portalen är inte aktiv. Kontakta förvaltningen.",
    "The portal is not active. Contact the administration.",
)
SCOPE_MISSING = Fault(
    "",
    "scope_missing",
    "Portalen har inte rätt till detta. Be en regional administratör utöka dess rättigheter.",
    "The portal has no right to this. Ask a regional administrator to widen its scopes.",
)
CLINIC_UNKNOWN = Fault(
    "clinic_id",
    "clinic_unknown",
    "Mottagningen finns inte. Kontrollera HSA-id.",
    "There is no such clinic. Check the HSA-id.",
)
CLINIC_INACTIVE = Fault(
    "clinic_id",
    "clinic_inactive",
    "Mottagningen tar inte emot nya ärenden. Välj en annan.",
    "The clinic takes no new cases. Choose another.",
)
CASE_TYPE_OFF = Fault(
    "case_type",
    "case_type_not_offered",
    "Mottagningen erbjuder inte ärendetypen. Välj en annan.",
    "The clinic does not offer this case type. Choose another.",
)
CASE_TYPE_UNKNOWN = Fault(
    "case_type",
    "case_type_unknown",
    "Ärendetypen finns inte. Kontrollera id.",
    "There is no such case type. Check the id.",
)
CASE_TYPE_INACTIVE = Fault(
    "case_type",
    "case_type_inactive",
    "Ärendetypen kan inte längre användas. Välj en annan.",
    "The case type can no longer be used. Choose another.",
)
CASE_TYPE_ENDED = Fault(
    "case_type",
    "case_type_ended",
    "Ärendetypen tas inte längre emot här. Välj en annan.",
    "The case type is no longer taken here. Choose another.",
)
CASE_TYPE_RESTRICTED = Fault(
    "case_type",
    "case_type_restricted",
    "Ärendetypen är bara för invånare som mottagningen har gett tillgång. Kontakta mottagningen.",
    "The case type is only for citizens to whom the clinic has granted it. Contact the clinic.",
)
CITIZEN_NOT_APPROVED = Fault(
    "clinic_id",
    "only_approved_citizens",
    "Mottagningen är bara för invånare som den har godkänt. Kontakta mottagningen.",
    "The clinic is only for citizens whom it has approved. Contact the clinic.",
)
ONLY_WHO_GRANTS = Fault(
    "clinic_id",
    "only_receivers_and_administrators",
    "Bara mottagningens ärendemottagare och administratörer får göra detta. Be en av dem.",
    "Only receivers and administrators of the clinic may do this. Ask one of them.",
)
GRANT_UNKNOWN = Fault(
    "grant_id",
    "grant_unknown",
    "Mottagningen har inte gett någon sådan tillgång. Uppdatera listan.",
    "The clinic has given no such grant. Refresh the list.",
)
UNTIL_PASSED = Fault(
    "until",
    "day_passed",
    "Sista dagen har redan varit. Välj i dag eller senare, eller utelämna den.",
    "The last day has passed already. Choose today or later, or leave it out.",
)
CASE_ID_TAKEN = Fault(
    "case_id",
    "case_id_taken",
    "Ärendets id är upptaget. Skapa ett nytt UUID.",
    "The id of the case is taken. Make a new UUID.",
)
ACCOUNT_LOCKED = Fault(
    "",
    "account_locked",
    "Ditt konto är låst. Be en administratör på mottagningen att återaktivera det.",
    "Your account is locked. Ask an administrator of the clinic to reactivate it.",
)
CASE_UNKNOWN = Fault(
    "case_id",
    "case_unknown",
    "Ärendet finns inte, eller är inte ditt. Kontrollera id.",
    "There is no such case, or it is not yours. Check the id.",
)
PERSON_ID_LENGTH = Fault(
    "citizen.value",
    "bad_format",
    "Identitetsnumret har inte tolv siffror. Skriv det utan bindestreck: ÅÅÅÅMMDDNNNN.",
    "The identity number does not have twelve digits. Write it without a hyphen: YYYYMMDDNNNN.",
)
PERSON_ID_WRONG = Fault(
    "citizen.value",
    "not_a_person_id",
    "Identitetsnumret stämmer inte: datum eller kontrollsiffra är fel. Kontrollera det.",
    "The identity number is wrong: its date or check digit. Check it.",
)
NRID_WRONG = Fault(
    "citizen.value",
    "bad_format",
    "Reservnumret har fel form. Skriv alla tolv tecken, bokstäver och siffror.",
    "The reserve number has the wrong form. Write all twelve characters, letters and digits.",
)
MESSAGE_UNKNOWN = Fault(
    "message_id",
    "message_unknown",
    "Meddelandet finns inte i ärendet. Kontrollera id.",
    "There is no such message in the case. Check the id.",
)
MESSAGE_ID_TAKEN = Fault(
    "message_id",
    "message_id_taken",
    "Meddelandets id är redan använt i ärendet. Skapa ett nytt UUID.",
    "The id of the message is already used in the case. Make a new UUID.",
)
REPLY_TOO_LATE = Fault(
    "",
    "reply_too_late",
    "Tiden för att svara på motfrågan har gått ut. Skicka ett nytt ärende.",
    "The time to reply to the question has run out. Send a new case.",
)
REPLY_BY_PASSED = Fault(
    "reply_by",
    "not_in_the_future",
    "Sista dag för svar har passerat eller ligger för långt bort. Välj en dag inom ett år.",
    "The reply-by date has passed or is too far away. Choose a day within a year.",
)
ASSIGNMENT_NOT_YET_KNOWN = Fault(
    "epoch",
    "assignment_not_yet_known",
    "Fördelningen har inte nått hit än. Försök igen om ett par sekunder.",
    "The assignment has not arrived here yet. Try again in a few seconds.",
)
REPLY_AWAITED = Fault(
    "",
    "waits_for_the_citizen",
    "Ärendet väntar på invånarens svar. Vänta tills svarstiden har gått ut.",
    "The case waits for the citizen's reply. Wait until the time for it has run out.",
)


def portal_may_not(portal: Portal | None) -> Fault:
    """Why a portal may not do something, whatever the case."""
    return SCOPE_MISSING if portal is not None and portal.active else PORTAL_INACTIVE


def clinic_inactive(clinic: Clinic) -> Fault:
    """The clinic takes no new cases; one that is being closed says itself what citizens shall do instead."""
    if not clinic.closing_sv:
        return CLINIC_INACTIVE
    return Fault("clinic_id", CLINIC_INACTIVE.code, clinic.closing_sv, clinic.closing_en)


def not_yet_open(starts_on: date) -> Fault:
    """The type's first day is still to come."""
    return Fault(
        "case_type",
        "case_type_not_started",
        f"Ärendetypen öppnar {starts_on}. Välj en annan, eller vänta till dess.",
        f"The case type opens on {starts_on}. Choose another, or wait until then.",
    )


def paused(sv: str, en: str) -> Fault:
    """The clinic, or its region, takes no cases of the type for a while, and says why."""
    return Fault("case_type", "case_type_paused", sv, en)


def outside_ages(least: int | None, most: int | None) -> Fault:
    """The type is for people of other ages."""
    sv, en = _ages(least, most)
    return Fault(
        "citizen",
        "outside_ages",
        f"Ärendetypen är för åldrarna {sv} år. Välj en annan.",
        f"The case type is for ages {en}. Choose another.",
    )


def outside_service_area(sex: Sex | None, age_from: int | None, age_to: int | None) -> Fault:
    """The clinic is for other people."""
    who_sv, who_en = _WHO[sex]
    sv, en = _ages(age_from, age_to)
    return Fault(
        "citizen",
        "outside_service_area",
        f"Mottagningen är för {who_sv}{sv and f' {sv} år'}. Välj en annan mottagning.",
        f"The clinic is for {who_en}{en and f', ages {en}'}. Choose another clinic.",
    )


_WHO: dict[Sex | None, tuple[str, str]] = {
    Sex.FEMALE: ("kvinnor", "women"),
    Sex.MALE: ("män", "men"),
    None: ("personer", "people"),
}


def _ages(least: int | None, most: int | None) -> tuple[str, str]:
    """An interval of ages in words, in Swedish and English; empty for everybody."""
    limits = (("från", "from", least), ("till", "to", most))
    sv = " ".join(f"{word} {age}" for word, _, age in limits if age is not None)
    return sv, " ".join(f"{word} {age}" for _, word, age in limits if age is not None)


def characters(field: str) -> Fault:
    """A text that can't be stored."""
    return Fault(
        field,
        "invalid_characters",
        "Texten innehåller tecken som inte kan tas emot. Ta bort dem.",
        "The text has characters that can't be taken. Remove them.",
    )


def already_answered(who: str, at: datetime | None) -> Fault:
    """Somebody was first."""
    when = clock_time(at)
    return Fault(
        "version",
        "already_answered",
        f"Ärendet besvarades av {who} {when}. Öppna det igen för att se svaret.",
        f"The case was answered by {who} at {when}. Open it again to see the answer.",
    )


def holder_is(who: str, at: datetime | None) -> Fault:
    """The case is another's now, or nobody's."""
    when = clock_time(at)
    if not who:
        return Fault(
            "epoch",
            "no_longer_yours",
            f"Ärendet lämnades tillbaka till mottagningen {when}. Uppdatera listan.",
            f"The case went back to the clinic at {when}. Refresh the list.",
        )
    return Fault(
        "epoch",
        "no_longer_yours",
        f"Ärendet fördelades till {who} {when}. Uppdatera listan.",
        f"The case was assigned to {who} at {when}. Refresh the list.",
    )


def version_is(version: int) -> Fault:
    """Something was said since the actor looked."""
    return Fault(
        "If-Match",
        "version_changed",
        f"Konversationen har ändrats och har nu version {version}. Öppna ärendet igen.",
        f"The conversation has changed and has version {version} now. Open the case again.",
    )


_STATES = {
    "open": ("är inte påbörjat", "is not started"),
    "started": ("är påbörjat", "is started"),
    "waiting": ("väntar på invånarens svar", "waits for the citizen's reply"),
    "answered": ("är besvarat", "is answered"),
    "closed": ("är avslutat", "is closed"),
    "withdrawn": ("är återtaget", "is withdrawn"),
}


def not_when(state: str) -> Fault:
    """The act is not possible in this state."""
    sv, en = _STATES[state]
    return Fault(
        "",
        f"not_when_{state}",
        f"Det går inte, eftersom ärendet {sv}. Läs ärendet igen och gör det som nu passar.",
        f"That is not possible: the case {en}. Read the case again and do what fits it now.",
    )


def clock_time(at: datetime | None) -> str:
    """A time as people at a Swedish clinic read it."""
    return "" if at is None else f"{at.astimezone(STOCKHOLM):%Y-%m-%d %H:%M}"
