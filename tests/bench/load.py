"""The load: what portals send. The same seed makes the same cases, for both pipelines.

The model is that of `promises`: bodies of 1 KB median and 16 KB at the 99th percentile, clinics after Zipf with 1.1.
"""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from uuid import UUID

import orjson

from shared.contracts.commands.intake import SubmitCase
from shared.contracts.envelope import Envelope

PORTAL = "bench"
CASE_TYPE = "ask-a-question"
MEDIAN_BYTES, P99_BYTES = 1_024, 16_384
LONGEST_TEXT = 19_900
ZIPF = 1.1

_SIGMA = math.log(P99_BYTES / MEDIAN_BYTES) / 2.326
_WORDS = (
    "jag har haft ont i knät sedan påskas och det blir värre när går trappor förra året fick övningar av en "
    "fysioterapeut men de hjälper inte längre behöver komma på besök eller kan ni förnya mitt recept så länge "
    "tabletterna räcker till fredag min läkare sade att prova annan dos om yrseln fortsätter efter någon vecka tack"
).split()
_TEXT = " ".join(random.Random(1177).choices(_WORDS, k=60_000))
"""Long enough for slices that hardly repeat themselves: what compresses well would flatter the database."""

Headers = list[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Case:
    """One case as the portal publishes it."""

    case_id: str
    key: bytes
    value: bytes
    headers: Headers


def clinic_ids(count: int) -> list[str]:
    """The HSA-ids of the clinics of the benchmark."""
    return [f"SE2321000016-B{number:04X}" for number in range(count)]


def zipf(count: int, exponent: float = ZIPF) -> list[float]:
    """Cumulative weights of `count` clinics, the busiest first."""
    return list(accumulate(1 / rank**exponent for rank in range(1, count + 1)))


def cases(count: int, clinics: int, seed: int) -> Iterator[Case]:
    """So many cases, each with an id of its own; another seed makes others."""
    dice = random.Random(seed)
    names, weights = clinic_ids(clinics), zipf(clinics)
    for _ in range(count):
        [clinic_id] = dice.choices(names, cum_weights=weights)
        yield a_case(dice, clinic_id)


def a_case(dice: random.Random, clinic_id: str) -> Case:
    """One case for this clinic."""
    case_id = str(UUID(int=dice.getrandbits(128), version=4))
    command_id = str(UUID(int=dice.getrandbits(128), version=4))
    envelope = Envelope(
        command_id, SubmitCase.TYPE, f"/portals/{PORTAL}", datetime.now(UTC), case_id, command_id
    )
    return Case(case_id, case_id.encode(), orjson.dumps(a_body(dice, case_id, clinic_id)), envelope.headers())


def a_body(dice: random.Random, case_id: str, clinic_id: str) -> dict[str, object]:
    """The JSON of one SubmitCase."""
    start = dice.randrange(len(_TEXT) - LONGEST_TEXT)
    length = min(max(20, int(dice.lognormvariate(math.log(MEDIAN_BYTES), _SIGMA)) - 500), LONGEST_TEXT)
    form = [
        {"linkId": "reason", "answer": [{"valueString": _TEXT[start : start + length].strip()}]},
        {"linkId": "since", "answer": [{"valueDate": "2026-03-01"}]},
        {"linkId": "contact", "answer": [{"valueCoding": {"code": "message"}}]},
    ]
    return {
        "case_id": case_id,
        "clinic_id": clinic_id,
        "case_type": CASE_TYPE,
        "citizen": {"kind": "personnummer", "value": a_personnummer(dice)},
        "citizen_name": "Astrid Bänk",
        "form": {"resourceType": "QuestionnaireResponse", "status": "completed", "item": form},
    }


def a_personnummer(dice: random.Random) -> str:
    """Twelve digits with a sound check digit (Luhn), for nobody."""
    year, month, day = dice.randrange(1940, 2008), dice.randrange(1, 13), dice.randrange(1, 29)
    digits = f"{year}{month:02}{day:02}{dice.randrange(1000):03}"
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(digits[2:])]
    return f"{digits}{-sum(number // 10 + number % 10 for number in doubled) % 10}"
