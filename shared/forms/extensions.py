"""FHIR's extensions that a form may hold: which they are, and how a list of them is read."""

from collections.abc import Mapping

from shared.forms.answers import LIST
from shared.forms.items import Text
from shared.forms.place import Place

_HL7 = "http://hl7.org/fhir/StructureDefinition/"

TRANSLATION = f"{_HL7}translation"  # https://hl7.org/fhir/R4/extension-translation.html
MIN_VALUE = f"{_HL7}minValue"
MAX_VALUE = f"{_HL7}maxValue"
MIME_TYPE = f"{_HL7}mimeType"
MAX_SIZE = f"{_HL7}maxSize"  # R4 names no unit; bytes since https://hl7.org/fhir/extensions
ITEM_CONTROL = f"{_HL7}questionnaire-itemControl"

HELP = {"system": "http://hl7.org/fhir/questionnaire-item-control", "code": "help"}


def read_text(holder: Place, name: str, longest: int) -> Text:
    """The Swedish words in the field `name`, and their English in the extension on `_name`, if any."""
    place = holder.required(name)
    swedish = place.text(longest) if place else ""
    return Text(swedish, _translation(holder.at(f"_{name}"), longest) if holder.has(f"_{name}") else None)


def read_extensions(
    place: Place | None, values: Mapping[str, str], repeating: str = ""
) -> dict[str, list[Place]]:
    """The values of a list of extensions by url; `values` says in which field each url has its value.

    Each url stands once, but for the one named `repeating`.
    """
    found: dict[str, list[Place]] = {}
    if place is None:
        return found
    seen: set[str] = set()
    for entry in place.each(None if repeating else len(values)):
        url = entry.required("url") if entry.is_object() else None
        if url is None:
            continue
        if not isinstance(url.value, str) or url.value not in values or url.value in seen:
            url.refuse("wrong_value", expects=Text(", ".join(values)))
            continue
        if url.value != repeating:
            seen.add(url.value)
        entry.only({"url", values[url.value]})
        if value := entry.required(values[url.value]):
            found.setdefault(url.value, []).append(value)
    return found


def read_help_control(place: Place | None) -> None:
    """Note if this is anything but the extension that makes a display the help to a question."""
    for control in _whole(place, {ITEM_CONTROL: "valueCodeableConcept"}).values():
        if not control.is_object():
            continue
        control.only({"coding"})
        coding = control.required("coding")
        for entry in coding.each(1) if coding else ():
            if entry.is_object():
                entry.only(HELP.keys())
                for name, value in HELP.items():
                    if part := entry.required(name):
                        part.constant(value)


def _translation(place: Place, longest: int) -> str | None:
    """The English in {"extension": [{"url": TRANSLATION, "extension": [lang, content]}]}, and no other."""
    if not place.is_object():
        return None
    place.only({"extension"})
    translation = _whole(place.required("extension"), {TRANSLATION: "extension"})
    parts = _whole(translation.get(TRANSLATION), {"lang": "valueCode", "content": "valueString"})
    if lang := parts.get("lang"):
        lang.constant("en")
    content = parts.get("content")
    return content.text(longest) if content else None


def _whole(place: Place | None, values: Mapping[str, str]) -> dict[str, Place]:
    """The values of a list of extensions that must all be there."""
    found = read_extensions(place, values)
    if place is not None and isinstance(place.value, LIST) and 0 < len(place.value) < len(values):
        place.refuse("incomplete", expects=Text(", ".join(values)))
    return {url: entry for url, (entry, *_) in found.items()}
