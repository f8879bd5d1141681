"""Forms, and sound answers to them, drawn by Hypothesis."""

from base64 import b64encode
from datetime import date
from typing import Any

from hypothesis import strategies as st

from tests.unit.shared.forms.builders import HELP, Json, a_questionnaire, an_option, translated

_words = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=20).filter(
    str.strip
)
_link_ids = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,8}", fullmatch=True)

TYPES = (
    "string",
    "text",
    "choice",
    "open-choice",
    "boolean",
    "date",
    "integer",
    "decimal",
    "attachment",
)
FILE_TYPES = ("application/pdf", "image/png")
FHIR = "http://hl7.org/fhir/StructureDefinition/"
ORDERED = {"date": "Date", "integer": "Integer", "decimal": "Decimal"}

# Few values near each other, so that conditions come out both ways.
_few: dict[str, st.SearchStrategy[Any]] = {
    "boolean": st.booleans(),
    "date": st.dates(date(2026, 2, 27), date(2026, 3, 2)).map(lambda value: value.isoformat()),
    "integer": st.integers(-2, 3),
    "decimal": st.sampled_from([-1, 0, 0.1, 0.25, 0.3, 1.5, 2]),
    "string": st.sampled_from(["a", "b", "ja"]),
}
_few["text"] = _few["string"]


@st.composite
def _questions(draw: st.DrawFn, link_id: str) -> Json:
    type_ = draw(st.sampled_from(TYPES))
    question: Json = {"linkId": link_id, **_text(draw, "text"), "type": type_}
    if draw(st.booleans()):
        question["required"] = True
    if type_ != "boolean" and draw(st.booleans()):
        question["repeats"] = True
    if type_ in ("string", "text", "open-choice") and draw(st.booleans()):
        question["maxLength"] = draw(st.integers(2, 50))
    if type_ in ("choice", "open-choice"):
        codes = draw(st.lists(_link_ids, min_size=1, max_size=4, unique=True))
        english = draw(st.none() | _words)
        question["answerOption"] = [an_option(code, draw(_words), english) for code in codes]
    if extensions := _extensions(draw, type_):
        question["extension"] = extensions
    if draw(st.integers(0, 3)) == 0:
        help_ = {"linkId": f"{link_id}.help.text", **_text(draw, "text"), "type": "display"}
        question["item"] = [help_ | HELP]
    return question


def _extensions(draw: st.DrawFn, type_: str) -> list[Json]:
    if type_ == "attachment":
        kinds = draw(st.lists(st.sampled_from(FILE_TYPES), unique=True))
        size = draw(st.none() | st.integers(1, 100))
        return [{"url": f"{FHIR}mimeType", "valueCode": kind} for kind in kinds] + (
            [] if size is None else [{"url": f"{FHIR}maxSize", "valueDecimal": size}]
        )
    if type_ not in ORDERED:
        return []
    limits = sorted(draw(st.lists(_few[type_], min_size=2, max_size=2)))
    urls = draw(st.lists(st.sampled_from(("minValue", "maxValue")), unique=True).map(sorted))
    values = {"minValue": limits[0], "maxValue": limits[1]}
    return [{"url": FHIR + url, f"value{ORDERED[type_]}": values[url]} for url in reversed(urls)]


def _text(draw: st.DrawFn, field: str) -> Json:
    text: Json = {field: draw(_words)}
    return text | {f"_{field}": translated(draw(_words))} if draw(st.booleans()) else text


@st.composite
def questionnaires(draw: st.DrawFn, conditions: bool = True) -> Json:
    link_ids = draw(st.lists(_link_ids, min_size=1, max_size=8, unique=True))
    items: list[Json] = []
    holders = [items]
    for link_id in link_ids[:-1]:
        holder = draw(st.sampled_from(holders))
        kind = draw(st.integers(0, 5))
        if len(holders) < 4 and kind == 0:
            group = {"linkId": link_id, **_text(draw, "text"), "type": "group", "item": []}
            holder.append(group)
            holders.append(group["item"])
        elif kind == 1:
            holder.append({"linkId": link_id, **_text(draw, "text"), "type": "display"})
        else:
            holder.append(draw(_questions(link_id)))
    for number, empty in enumerate(holder for holder in holders if not holder):
        empty.append(draw(_questions(f"last.{link_ids[-1]}.{number}")))
    if conditions:
        _add_conditions(draw, items, [])
    return a_questionnaire(*items)


def _add_conditions(draw: st.DrawFn, items: list[Json], earlier: list[Json]) -> None:
    for item in items:
        if draw(st.booleans()) and earlier:
            item["enableWhen"] = draw(
                st.lists(st.sampled_from(earlier).flatmap(_conditions), min_size=1, max_size=3)
            )
            if len(item["enableWhen"]) > 1:
                item["enableBehavior"] = draw(st.sampled_from(("all", "any")))
        if item["type"] == "group":
            _add_conditions(draw, item["item"], earlier)
        elif item["type"] != "display":
            earlier.append(item)


@st.composite
def _conditions(draw: st.DrawFn, question: Json) -> Json:
    type_ = question["type"]
    condition: Json = {"question": question["linkId"]}
    if type_ == "attachment" or draw(st.integers(0, 3)) == 0:
        return condition | {"operator": "exists", "answerBoolean": draw(st.booleans())}
    if type_ in ORDERED:
        operator = draw(st.sampled_from(("=", "!=", "<", ">", "<=", ">=")))
        return condition | {"operator": operator, f"answer{ORDERED[type_]}": draw(_few[type_])}
    condition["operator"] = draw(st.sampled_from(("=", "!=")))
    if type_ in ("choice", "open-choice"):
        codes = [option["valueCoding"]["code"] for option in question["answerOption"]]
        return condition | {"answerCoding": {"code": draw(st.sampled_from(codes))}}
    field = "answerBoolean" if type_ == "boolean" else "answerString"
    return condition | {field: draw(_few[type_])}


@st.composite
def full_responses(draw: st.DrawFn, questionnaire: Json) -> Json:
    """Valid answers to every question, shown or not, in any order within their group."""
    return {"item": _answers(draw, questionnaire["item"], partial=False)}


@st.composite
def partial_responses(draw: st.DrawFn, questionnaire: Json) -> Json:
    """Valid answers to some of the questions, shown or not."""
    return {"item": _answers(draw, questionnaire["item"], partial=True)}


def _answers(draw: st.DrawFn, items: list[Json], partial: bool) -> list[Json]:
    given: list[Json] = []
    for item in draw(st.permutations(items)):
        if item["type"] == "display" or (partial and draw(st.integers(0, 2)) == 0):
            continue
        if item["type"] == "group":
            given.append({"linkId": item["linkId"], "item": _answers(draw, item["item"], partial)})
        else:
            values = st.lists(
                _values(item), min_size=1, max_size=3 if item.get("repeats") else 1, unique_by=repr
            )
            given.append({"linkId": item["linkId"], "answer": draw(values)})
    return given


def _values(question: Json) -> st.SearchStrategy[Json]:
    longest = question.get("maxLength", 50)
    # ASCII, which NFC leaves alone, so that no text becomes too long; other letters have tests of their own.
    written = st.text(st.characters(codec="ascii", exclude_characters="\x00"), min_size=1, max_size=longest)
    text = (_few["string"] | written.filter(str.strip)).map(lambda value: {"valueString": value})
    codes = [option["valueCoding"]["code"] for option in question.get("answerOption", [an_option("")])]
    coding = st.sampled_from(codes).map(lambda code: {"valueCoding": {"code": code}})
    type_ = question["type"]
    if type_ in ORDERED:
        field = f"value{ORDERED[type_]}"
        least, most = _limits(question, field)
        within = (
            _few[type_] | st.sampled_from([it for it in (least, most) if it is not None] or [None])
        ).filter(
            lambda value: (
                value is not None and (least is None or value >= least) and (most is None or value <= most)
            )
        )
        return within.map(lambda value: {field: value})
    if type_ == "attachment":
        return _files(question)
    by_type = {"choice": coding, "open-choice": coding | text, "string": text, "text": text}
    return by_type.get(type_, st.booleans().map(lambda value: {"valueBoolean": value}))


def _limits(question: Json, field: str) -> tuple[Any, Any]:
    limits = {extension["url"]: extension[field] for extension in question.get("extension", ())}
    return limits.get(f"{FHIR}minValue"), limits.get(f"{FHIR}maxValue")


def _files(question: Json) -> st.SearchStrategy[Json]:
    extensions = question.get("extension", ())
    kinds = [it["valueCode"] for it in extensions if "valueCode" in it] or list(FILE_TYPES)
    size = next((it["valueDecimal"] for it in extensions if "valueDecimal" in it), 100)
    return st.fixed_dictionaries(
        {
            "id": st.uuids().map(str),
            "contentType": st.sampled_from(kinds),
            "size": st.integers(1, size),
        },
        optional={"title": st.just("bild.png"), "hash": st.binary(min_size=20, max_size=20).map(_base64)},
    ).map(lambda file: {"valueAttachment": file})


def _base64(value: bytes) -> str:
    return b64encode(value).decode()
