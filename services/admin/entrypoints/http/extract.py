"""The patient's extract of the access log, in words and as a file that a spreadsheet opens."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from starlette.responses import Response

from services.admin.domain.calendar import STOCKHOLM
from shared.contracts.commands.admin import AccessAct

_WORDS: dict[str, tuple[str, str]] = {
    AccessAct.READ: ("Läste ärendet", "Read the case"),
    AccessAct.LIST: ("Såg ärendet i en lista", "Saw the case in a list"),
    AccessAct.SEARCH: ("Hittade ärendet vid en sökning", "Found the case in a search"),
    AccessAct.START: ("Började arbeta med ärendet", "Began to work on the case"),
    AccessAct.ASK: ("Ställde en motfråga", "Asked a question back"),
    AccessAct.CLOSE: ("Avslutade ärendet", "Closed the case"),
    AccessAct.ANSWER: ("Besvarade ärendet", "Answered the case"),
    AccessAct.DOWNLOAD: ("Hämtade en bilaga", "Downloaded an attachment"),
    AccessAct.EXPORT: ("Tog ut uppgifter ur systemet", "Exported data"),
    AccessAct.GRANT: ("Gav eller återtog tillgång till en ärendetyp", "Gave or took back a case type"),
    AccessAct.REFUSED: ("Försökte öppna ärendet och nekades", "Tried to open the case and was refused"),
}
_HEADINGS = ("Tidpunkt", "Enhet", "HSA-id", "Åtgärd / Act")


def in_words(line: dict[str, Any]) -> dict[str, Any]:
    """A line with its act in Swedish and English."""
    sv, en = _WORDS[line["act"]]
    return line | {"act_sv": sv, "act_en": en}


def as_csv(lines: Sequence[dict[str, Any]]) -> Response:
    """A file in UTF-8 with semicolons, as spreadsheets in Swedish expect; times as clocks in Sweden showed them."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(_HEADINGS)
    for line in lines:
        at = line["accessed_at"].astimezone(STOCKHOLM).strftime("%Y-%m-%d %H:%M:%S")
        writer.writerow(
            (at, _inert(line["clinic_name"]), line["clinic_id"], f"{line['act_sv']} / {line['act_en']}")
        )
    return Response(
        "\ufeff" + text.getvalue(),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": 'attachment; filename="loggutdrag.csv"',
            "Cache-Control": "no-store",
        },
    )


def _inert(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in "=+-@\t" else cell
