"""The samples in `samples/`: one message each, as it was on the wire. They are only ever added to."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "samples"


@dataclass(frozen=True, slots=True)
class Sample:
    """One message: `headers` and `key` as text, `value` as JSON. `name` is its file without the ending."""

    type: str
    name: str
    headers: dict[str, str]
    key: str
    value: Any

    def wire_headers(self) -> list[tuple[str, bytes]]:
        """The headers as the broker keeps them."""
        return [(name, text.encode()) for name, text in self.headers.items()]

    def wire_value(self) -> bytes:
        """The body as our services write it: JSON without blanks, in UTF-8."""
        return json.dumps(self.value, ensure_ascii=False, separators=(",", ":")).encode()

    @property
    def title(self) -> str:
        """What the sample shows, in words."""
        return self.name.partition("-")[2].replace("-", " ")


def samples_of(type_: str, folder: Path = FOLDER) -> list[Sample]:
    """The samples of a type, oldest first."""
    return [_read(path) for path in sorted((folder / type_).glob("*.json"))]


def all_samples(folder: Path = FOLDER) -> list[Sample]:
    """Every sample there is."""
    return [_read(path) for path in sorted(folder.glob("*/*.json"))]


def _read(path: Path) -> Sample:
    read = json.loads(path.read_text())
    return Sample(path.parent.name, path.stem, read["headers"], read["key"], read["value"])
