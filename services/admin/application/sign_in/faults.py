"""What signing in answers when it refuses."""

from services.admin.domain.terms import Terms
from shared.errors import Forbidden, Refused
from shared.faults import Fault

NO_PROVIDER = Fault(
    "",
    "no_identity_provider",
    "Inloggning den vägen är inte inkopplad här. Fråga den som driver systemet.",
    "Signing in that way is not set up here. Ask whoever runs the system.",
)
SIGNED_OUT = Fault(
    "",
    "signed_out",
    "Du är inte inloggad, eller har varit inaktiv för länge. Logga in igen.",
    "You are not signed in, or were idle for too long. Sign in again.",
)
NO_CSRF_TOKEN = Fault(
    "X-CSRF-Token",
    "csrf_token_required",
    "Huvudet X-CSRF-Token saknas eller är fel. Skicka det med det värde som GET /session ger.",
    "The header X-CSRF-Token is missing or wrong. Send it with the value that GET /session gives.",
)
CHOOSE_ACCOUNT = Fault(
    "",
    "account_not_chosen",
    "Du har inte valt uppdrag. Välj först vilket av dem du arbetar i.",
    "You have not chosen an account. Choose first which of yours you work by.",
)
ACCEPT_TERMS = Fault(
    "",
    "terms_not_accepted",
    "Du har inte godkänt användarvillkoren. Läs och godkänn dem först.",
    "You have not accepted the terms. Read and accept them first.",
)
CHOOSE_CLINIC = Fault(
    "",
    "clinic_not_chosen",
    "Välj först en mottagning. Saknas den: be en administratör där om behörighet.",
    "Choose a clinic first. If it is missing: ask an administrator there for permission.",
)
NOT_YOURS = Fault(
    "staff_id",
    "not_yours",
    "Inloggningen gäller inte det HSA-id:t. Välj ett av dem som GET /session visar.",
    "The sign-in does not prove that HSA-id. Choose one of those that GET /session shows.",
)
NO_ROLE_THERE = Fault(
    "clinic_id",
    "no_role_there",
    "Du har inte den behörigheten på mottagningen. Välj en som GET /session visar.",
    "You do not have that permission at the clinic. Choose one that GET /session shows.",
)
OTHER_TERMS = Fault(
    "version",
    "other_version",
    "Villkoren har ändrats. Läs den gällande versionen och godkänn den.",
    "The terms have changed. Read the current version and accept that one.",
)
_AGAIN = (
    "Inloggningen kunde inte bekräftas. Börja om från inloggningssidan.",
    "The sign-in could not be confirmed. Start again from the sign-in page.",
)
_CARD = (
    "Kortets certifikat kan inte godtas. Kontakta den som lämnar ut kort hos er.",
    "The card's certificate can't be accepted. Ask whoever issues cards where you work.",
)
_NO_HSA_ID = (
    "Inloggningen gav inget HSA-id. Logga in med ditt tjänstekort, inte med din privata e-legitimation.",
    "The sign-in gave no HSA-id. Sign in with your staff card, not with your private e-identification.",
)
_LEVEL = (
    "Inloggningen är inte säker nog. Använd ditt tjänstekort eller en annan e-legitimation på rätt nivå.",
    "The sign-in is not strong enough. Use your staff card or another e-identification of the right level.",
)
_WORDS = {
    "cancelled": (
        "Inloggningen avbröts. Börja om när du vill.",
        "You stopped the sign-in. Start again any time.",
    ),
    "attempt_expired": (
        "Det gick för lång tid. Börja om från inloggningssidan.",
        "It took too long. Start again from the sign-in page.",
    ),
    "no_hsa_id": _NO_HSA_ID,
    "malformed_hsa_id": _NO_HSA_ID,
    "no_level": _LEVEL,
    "level_too_low": _LEVEL,
    "not_from_the_proxy": (
        "Kortinloggning går bara genom organisationens inloggningsadress. Börja om där.",
        "Signing in by card goes through your organisation's sign-in address only. Start again there.",
    ),
}


class SignedOut(Refused):
    """There is no session, or it is over."""

    status = 401


def unproven(reason: str) -> Forbidden:
    """What was shown proves nobody; the reason is a code, and in words what to do."""
    sv, en = _WORDS.get(reason, _CARD if reason.startswith("card_") else _AGAIN)
    return Forbidden(Fault("", reason, sv, en))


def terms_moved_on(newer: Terms | None) -> Fault:
    """Somebody else published meanwhile, or the version seen never was."""
    who = f" ({newer.published_by} {newer.published_at.isoformat(timespec='seconds')})" if newer else ""
    return Fault(
        "If-Match",
        "version_conflict",
        f"En annan version gäller{who}. Läs villkoren igen.",
        f"Another version is current{who}. Read the terms again.",
    )
