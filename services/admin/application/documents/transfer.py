"""Documents as files: out whole, in field by field with a report of what became of each."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ValidationError

from services.admin.application.documents.commands import ImportDocument
from services.admin.application.documents.drafts import new_document
from services.admin.application.documents.owners import to_write
from services.admin.application.ports import Clinics, Documents
from services.admin.application.wishes import Wish
from services.admin.domain.account import Account
from shared.errors import Refused
from shared.faults import Fault
from shared.messaging.faults import faults_of

_UNUSABLE = Fault(
    "file.content",
    "not_enough",
    "Det användbara i filen räcker inte till ett utkast. Rätta det som är refused i rapporten från dry_run.",
    "What can be used of the file is not enough for a draft. Mend what the report of dry_run calls refused.",
)
_OTHER_FORMAT = Fault(
    "file.format",
    "other_format",
    "Filen är av ett annat slag. Använd en fil som exporterats härifrån.",
    "The file is of another kind. Use a file that was exported from here.",
)


class Reason(BaseModel):
    """Why a field was refused."""

    field: str
    code: str
    sv: str
    en: str


class FieldReport(BaseModel):
    """What became of one field of the file."""

    field: str
    outcome: Literal["taken", "changed", "refused"]
    reasons: list[Reason] = []


class ImportReport(BaseModel):
    """What became of a file. `changed`: taken as it is written here. `stored`: there is a draft."""

    id: str
    fields: list[FieldReport]
    usable: bool
    stored: bool = False
    version: int = 0
    """The draft's number."""


def exported(format_: str, id_: str, version: int, content: Mapping[str, Any]) -> dict[str, Any]:
    """One version as a file."""
    return {"format": format_, "id": id_, "version": version, "content": dict(content)}


def read_file(file: Mapping[str, Any], format_: str, wish: type[Wish]) -> tuple[Any, ImportReport]:
    """What can be used of a file, or None if that is not enough; and the report, each field with its outcome.

    Raises Refused for a file of another kind.
    """
    content = file.get("content")
    if file.get("format") != format_ or not isinstance(content, dict):
        raise Refused(_OTHER_FORMAT)
    sent = {name: content[name] for name in content if name != "active"}
    refused: dict[str, list[Fault]] = {}
    usable: Any = None
    while usable is None:
        left = {name: value for name, value in sent.items() if name not in refused}
        found = _faults_in(wish, left)
        if isinstance(found, Wish):
            usable = found
            break
        new = {_top(fault): fault for fault in found if _top(fault) in left}
        if not new:
            break
        for name in new:
            refused[name] = [fault for fault in found if _top(fault) == name]
    fields = [_report(name, value, refused.get(name, []), usable) for name, value in sent.items()]
    return usable, ImportReport(id=str(file.get("id", "")), fields=fields, usable=usable is not None)


def import_document(
    command: ImportDocument, actor: Account | None, documents: Documents, clinics: Clinics, now: datetime
) -> ImportReport:
    """The draft says what could be used of the file. A dry run stores nothing, and needs the same permission."""
    report = ImportReport.model_validate(command.report)
    present = documents.get(command.id)
    new = present is None
    document = new_document(command, actor, documents, clinics) if new else to_write(actor, present)
    document.expect_revision(command.seen)
    if command.dry_run:
        return report
    if command.wish is None:
        raise Refused(_UNUSABLE)
    document.save_draft(command.wish.content(), command.actor, now)
    if new:
        documents.add(document)
    return report.model_copy(update={"stored": True, "version": document.revision})


def _faults_in(wish: type[Wish], fields: Mapping[str, Any]) -> Wish | tuple[Fault, ...]:
    """The wish, sound; or what is wrong with the fields."""
    try:
        read = wish.model_validate(fields)
        read.content()  # type: ignore[attr-defined]
    except ValidationError as error:
        return tuple(faults_of(error))
    except Refused as refusal:
        return refusal.faults
    return read


def _top(fault: Fault) -> str:
    return fault.field.replace("[", ".").split(".", 1)[0]


def _report(name: str, sent: Any, faults: list[Fault], usable: Any) -> FieldReport:
    reasons = [Reason(field=f.field, code=f.code, sv=f.sv, en=f.en) for f in faults]
    if faults:
        return FieldReport(field=name, outcome="refused", reasons=reasons)
    kept = usable.content().model_dump(mode="json").get(name) if usable is not None else sent
    return FieldReport(field=name, outcome="taken" if kept == sent else "changed")
