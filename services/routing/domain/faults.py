"""Why routing refuses, in words that a person can act on."""

from datetime import datetime

from shared.faults import Fault

_ACTS = {
    "assign": ("fördelas", "assigned"),
    "claim": ("tas", "claimed"),
    "reassign": ("omfördelas", "reassigned"),
    "return": ("återlämnas", "returned"),
    "release": ("återlämnas", "returned"),
}
_STATUSES = {
    "queued": ("väntar i kön", "waits in the queue"),
    "assigned": ("är fördelat", "is assigned"),
    "started": ("är påbörjat", "is started"),
    "done": ("är klart", "is done"),
    "ended": ("är avslutat", "has ended"),
}

ALREADY_HOLDER = Fault(
    "holder",
    "already_holder",
    "Vårdgivaren har redan ärendet. Välj någon annan.",
    "The caregiver holds the case already. Choose somebody else.",
)
REASON_REQUIRED = Fault(
    "reason",
    "required",
    "Skälet saknas. Ange varför ärendet byter vårdgivare.",
    "The reason is missing. Say why the case gets another caregiver.",
)
NO_SUCH_CASE = Fault(
    "case_id",
    "case_unknown",
    "Ärendet finns inte. Kontrollera numret.",
    "There is no such case. Check the id.",
)
NO_SUCH_CLINIC = Fault(
    "clinic_id",
    "clinic_unknown",
    "Mottagningen finns inte. Kontrollera HSA-id.",
    "There is no such clinic. Check the HSA-id.",
)
NOT_PERMITTED = Fault(
    "",
    "not_permitted",
    "Du har inte behörighet till detta. Fråga mottagningens administratör.",
    "You are not permitted to do this. Ask the clinic's administrator.",
)
ACCOUNT_LOCKED = Fault(
    "",
    "account_locked",
    "Ditt konto är låst. Kontakta mottagningens administratör.",
    "Your account is locked. Contact the clinic's administrator.",
)
HOLDER_UNKNOWN = Fault(
    "holder",
    "holder_unknown",
    "Personen är inte vårdgivare på mottagningen. Välj någon i listan.",
    "This person is no caregiver at the clinic. Choose somebody from the list.",
)
HOLDER_LOCKED = Fault(
    "holder",
    "holder_locked",
    "Vårdgivarens konto är låst. Välj någon annan.",
    "The caregiver's account is locked. Choose somebody else.",
)
BAD_CURSOR = Fault(
    "after",
    "bad_cursor",
    "Bläddringsmärket kan inte läsas. Börja om från första sidan.",
    "The page mark can't be read. Start again from the first page.",
)


def not_now(act: str, status: str) -> Fault:
    """The act is not possible in this state."""
    (act_sv, act_en), (status_sv, status_en) = _ACTS[act], _STATUSES[status]
    return Fault(
        "case_id",
        f"no_{act}_when_{status}",
        f"Ärendet {status_sv} och kan därför inte {act_sv}. Läs om ärendet.",
        f"The case {status_en} and therefore can't be {act_en}. Reload the case.",
    )


def somebody_was_first(status: str, holder: str | None, by: str, at: datetime) -> Fault:
    """The case is no longer as the actor saw it: who changed it, and when."""
    when = at.isoformat(timespec="seconds")
    status_sv, status_en = _STATUSES[status]
    who_sv, who_en = by or "automatisk fördelning", by or "automatic distribution"
    to_sv = f" och innehas av {holder}" if holder else ""
    to_en = f" and held by {holder}" if holder else ""
    return Fault(
        "If-Match",
        "changed_meanwhile",
        f"Ärendet ändrades {when} av {who_sv}. Det {status_sv}{to_sv}. Läs om ärendet.",
        f"The case was changed at {when} by {who_en}. It {status_en}{to_en}. Reload the case.",
    )
