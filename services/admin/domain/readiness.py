"""Is a clinic ready to take cases? Each item of the check list says whether it is well, and if not, what to do."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from services.admin.domain.clinic import Clinic
from services.admin.domain.settings_rules import texts_of
from shared.contracts.clinic_settings import LocalText
from shared.faults import Fault


class Mark(StrEnum):
    """How well an item is: `fail` keeps the clinic from opening, `warn` does not."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Staffing:
    """Who can work at a clinic: accounts that are not locked, by role."""

    id: str
    receivers: int = 0
    caregivers: int = 0
    without_email: int = 0
    """Receivers and caregivers whom no notification reaches."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item; `sv` and `en` say what to do, or that nothing is."""

    code: str
    mark: Mark
    sv: str
    en: str


_WELL = ("Klart.", "Done.")


def readiness(clinic: Clinic, staffing: Staffing) -> list[Item]:
    """The whole list, always in the same order."""
    return [*_people(clinic, staffing), *_work(clinic), *_for_citizens(clinic)]


def reasons_against(clinic: Clinic, staffing: Staffing) -> list[Fault]:
    """What keeps the clinic from opening: one fault per item that fails."""
    failed = (item for item in readiness(clinic, staffing) if item.mark is Mark.FAIL)
    return [Fault(item.code, "not_ready", item.sv, item.en) for item in failed]


def _item(code: str, mark: Mark, sv: str, en: str) -> Item:
    return Item(code, mark, *(_WELL if mark is Mark.OK else (sv, en)))


def _must(code: str, well: bool, sv: str, en: str) -> Item:
    return _item(code, Mark.OK if well else Mark.FAIL, sv, en)


def _should(code: str, well: bool, sv: str, en: str) -> Item:
    return _item(code, Mark.OK if well else Mark.WARN, sv, en)


def _people(clinic: Clinic, staffing: Staffing) -> Iterator[Item]:
    if clinic.administrators == 1:
        sv = "Mottagningen har bara en administratör. Utse en till."
        yield Item("administrators", Mark.WARN, sv, "The clinic has one administrator only. Name another.")
    else:
        sv = "Mottagningen har ingen administratör. Ge någon rollen."
        en = "The clinic has no administrator. Give somebody the role."
        yield _must("administrators", clinic.administrators > 1, sv, en)
    yield _must(
        "receivers",
        staffing.receivers > 0,
        "Ingen tar emot ärenden. Ge minst en person rollen ärendemottagare.",
        "Nobody receives cases. Make at least one person a receiver.",
    )
    yield _must(
        "caregivers",
        staffing.caregivers > 0,
        "Ingen kan besvara ärenden. Ge minst en person rollen vårdgivare.",
        "Nobody can answer cases. Make at least one person a caregiver.",
    )
    yield _should(
        "email_addresses",
        staffing.without_email == 0,
        f"{staffing.without_email} i personalen saknar e-postadress och får inga aviseringar. Lägg till adresser.",
        f"{staffing.without_email} of the staff have no e-mail address and are told of nothing. Add addresses.",
    )


def _work(clinic: Clinic) -> Iterator[Item]:
    settings = clinic.settings
    yield _must(
        "region",
        bool(clinic.region),
        "Mottagningen hör inte till någon region. Be en nationell administratör ange den.",
        "The clinic belongs to no region. Ask a national administrator to set it.",
    )
    yield _must(
        "case_types",
        bool(clinic.case_types),
        "Inga ärendetyper är aktiverade. Aktivera minst en.",
        "No case types are switched on. Switch on at least one.",
    )
    yield _must(
        "opening_hours",
        bool(settings.opening_hours),
        "Öppettider saknas, och utan dem går ingen svarstid att räkna. Ange dem.",
        "There are no opening hours, and without them no answer time can be counted. Set them.",
    )
    yield _should(
        "mailbox",
        bool(settings.mailbox),
        "Funktionsbrevlåda saknas. Ange en adress som läses även när någon är borta.",
        "There is no functional mailbox. Set an address that is read when somebody is away, too.",
    )
    yield _should(
        "answer_promise",
        settings.answer_promise is not None,
        "Invånaren ser inte när svaret kommer. Ange inom vilken tid ni svarar.",
        "Citizens do not see when an answer will come. Say within which time you answer.",
    )


def _for_citizens(clinic: Clinic) -> Iterator[Item]:
    contact, settings = clinic.settings.contact, clinic.settings
    yield _must(
        "contact_card",
        bool(contact.phone and contact.address),
        "Kontaktkortet saknar telefonnummer eller adress. Fyll i dem.",
        "The contact card has no phone number or no address. Fill them in.",
    )
    versions = {"information": clinic.information, "terms": clinic.terms}
    texts = texts_of(settings) | {kind: them[-1].text for kind, them in versions.items() if them}
    needed = ("information", "terms", "acknowledgement", "out_of_hours")
    missing = [field for field in needed if not texts.get(field, LocalText()).sv]
    yield _should(
        "texts",
        not missing,
        f"Texter saknas: {', '.join(missing)}. Skriv dem.",
        f"Texts are missing: {', '.join(missing)}. Write them.",
    )
    swedish_only = [field for field, text in texts.items() if text.sv and not text.en]
    yield _should(
        "translations",
        not swedish_only,
        f"Texter finns bara på svenska: {', '.join(swedish_only)}. Översätt dem till engelska.",
        f"Texts are in Swedish only: {', '.join(swedish_only)}. Translate them into English.",
    )
