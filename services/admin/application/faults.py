"""What admin answers when it refuses: which field, what is wrong, what to do, in Swedish and English."""

from collections.abc import Sequence

from services.admin.domain.clinic import Clinic
from shared.errors import Forbidden, NotFound
from shared.faults import Fault

LOCKED_ACTOR = Fault(
    "",
    "account_locked",
    "Ditt konto är låst. Be en administratör på mottagningen att återaktivera det.",
    "Your account is locked. Ask an administrator of the clinic to reactivate it.",
)
INACTIVE_ACTOR = Fault(
    "",
    "account_locked",
    "Du är inte aktiv i HSA-katalogen. Be din chef att rätta det där, och logga sedan in igen.",
    "You are not active in the HSA directory. Ask your manager to have it mended there, then sign in again.",
)
UNKNOWN_ACTOR = Fault(
    "",
    "account_unknown",
    "Du har inget konto här. Be en administratör på mottagningen att lägga upp ett.",
    "You have no account here. Ask an administrator of the clinic to register one.",
)
NOT_PERMITTED = Fault(
    "",
    "not_permitted",
    "Din behörighet räcker inte för detta. Be en administratör på mottagningen.",
    "Your permissions do not reach this far. Ask an administrator of the clinic.",
)
STAFF_ONLY = Fault(
    "",
    "staff_only",
    "Bara personal kan göra detta, inte en portal. Logga in som medarbetare.",
    "Only staff can do this, not a portal. Sign in as a member of staff.",
)
UNKNOWN_CASE_TYPE = Fault(
    "case_types",
    "unknown_case_type",
    "En av ärendetyperna finns inte. Publicera den först.",
    "One of the case types does not exist. Publish it first.",
)
UNKNOWN_CLINIC = Fault(
    "permissions",
    "unknown_clinic",
    "En av mottagningarna finns inte. Lägg upp den först.",
    "One of the clinics does not exist. Create it first.",
)
NO_DIRECTORY = Fault(
    "",
    "no_national_directory",
    "Den nationella katalogen är inte ansluten här. Ändra uppgifterna för hand.",
    "The national directory is not connected here. Change the particulars by hand.",
)
NOT_IN_DIRECTORY = Fault(
    "staff_id",
    "not_in_directory",
    "Den nationella katalogen känner inte personen. Kontrollera HSA-id.",
    "The national directory does not know this person. Check the HSA-id.",
)
CLINIC_EXISTS = Fault(
    "clinic_id",
    "already_exists",
    "Mottagningen finns redan. Ändra den i stället.",
    "The clinic exists. Change it instead.",
)
TEXT_NEEDED = Fault(
    "text.sv",
    "missing",
    "Texten saknas. Skriv vad invånarna ska få veta, till exempel vart de kan vända sig i stället.",
    "The text is missing. Write what citizens are told, such as where they can turn instead.",
)
OTHER_REGION = Fault(
    "region",
    "not_your_region",
    "Regionen är inte din. Ange en som du är administratör för.",
    "The region is not yours. Name one that you are an administrator of.",
)
NAME_NEEDED = Fault(
    "administrator.name",
    "missing",
    "Personen har inget konto än. Ange för- och efternamn.",
    "The person has no account yet. Give their first and last name.",
)
ADMINISTRATOR_LOCKED = Fault(
    "administrator.staff_id",
    "account_locked",
    "Personens konto är låst. Återaktivera det först, eller välj någon annan.",
    "The person's account is locked. Reactivate it first, or choose somebody else.",
)
ACCOUNT_EXISTS = Fault(
    "staff_id",
    "already_exists",
    "Kontot finns redan. Ändra dess behörigheter i stället.",
    "The account exists. Change its permissions instead.",
)
GROUP_EXISTS = Fault(
    "group_id",
    "already_exists",
    "Gruppen finns redan. Ändra den i stället.",
    "The group exists. Change it instead.",
)
PORTAL_EXISTS = Fault(
    "portal_id",
    "already_exists",
    "Portalen finns redan. Byt dess hemlighet i stället.",
    "The portal exists. Rotate its secret instead.",
)
RESERVED_PORTAL = Fault(
    "portal_id",
    "reserved",
    "Det namnet används av systemet. Välj ett annat.",
    "The system uses that name. Choose another.",
)


ABSENCE_BACKWARDS = Fault(
    "last_on",
    "before_first",
    "Sista dagen ligger före den första. Byt plats på dem.",
    "The last day is before the first one. Exchange them.",
)
ABSENCE_OVER = Fault(
    "last_on",
    "over_already",
    "Frånvaron är redan över. Ange en sista dag som är i dag eller senare.",
    "The absence is over already. Give a last day that is today or later.",
)
SUBSTITUTE_UNFIT = Fault(
    "substitute",
    "unfit",
    "Personen kan inte vara ersättare. Välj en annan vårdgivare på mottagningarna, med ett konto som inte är låst.",
    "This person can't be the substitute. Choose another caregiver of one of the clinics, whose account is not locked.",
)


def not_found(field: str) -> NotFound:
    """There is no such thing, or it is none of the actor's business: the answer is the same."""
    return NotFound(
        Fault(
            field,
            "unknown",
            "Det finns inte, eller är inte ditt att se. Kontrollera uppgiften.",
            "It does not exist, or is not yours to see. Check what you sent.",
        )
    )


def no_such_version(field: str) -> NotFound:
    """Of something that the actor sees."""
    return NotFound(
        Fault(
            field,
            "unknown_version",
            "Den versionen har inte publicerats. Välj en som versionslistan visar.",
            "That version was never published. Choose one that the list of versions shows.",
        )
    )


def forbidden() -> Forbidden:
    """The actor sees it, and may not do this with it."""
    return Forbidden(NOT_PERMITTED)


def last_administrator(field: str, staff_id: str, clinic: Clinic) -> Fault:
    """Nobody would administer the clinic any more."""
    return Fault(
        field,
        "last_administrator",
        f"{staff_id} är sista administratören tills vidare ({clinic.name}). Gör först någon annan till det.",
        f"{staff_id} is the last administrator without a last day ({clinic.name}). First make somebody else one.",
    )


def over_already(field: str) -> Fault:
    """A permission would have ended before it began."""
    return Fault(
        field,
        "over_already",
        "Den dagen har redan varit. Välj en senare, eller ingen alls för tills vidare.",
        "That day is over. Choose a later one, or none at all for until further notice.",
    )


def unknown_person(field: str) -> Fault:
    """Nobody has an account with this HSA-id."""
    return Fault(
        field,
        "unknown_person",
        "Personen har inget konto. Lägg upp det först.",
        "This person has no account. Register it first.",
    )


def twice(field: str) -> Fault:
    """The same person stands in one update twice."""
    return Fault(
        field,
        "twice",
        "Personen står med två gånger. Skicka en rad per person.",
        "This person stands here twice. Send one row for each person.",
    )


def group_in_use(case_types: Sequence[str]) -> Fault:
    """Cases of these types go to the group first."""
    named = ", ".join(case_types)
    return Fault(
        "group_id",
        "group_in_use",
        f"Gruppen får först ärenden av: {named}. Ändra vart de går, eller stäng av ärendetyperna, och försök igen.",
        f"The group is where cases go first of: {named}. Change that, or switch the types off, and try again.",
    )


def no_caregiver(staff_id: str) -> Fault:
    """Who is in a group of caregivers must be one."""
    return Fault(
        "members",
        "no_caregiver",
        f"{staff_id} är inte vårdgivare på mottagningen. Ge den behörigheten först.",
        f"{staff_id} is no caregiver at the clinic. Give them that permission first.",
    )
