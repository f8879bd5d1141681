"""A sample on file becomes the bytes that were on the wire."""

import json
from pathlib import Path

from shared.contracts.samples_on_file import all_samples, samples_of

SAMPLE = {"headers": {"ce_id": "å"}, "key": "k", "value": {"name": "Åsa", "list": [1, 2]}}


def test_a_sample_is_read_with_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "toy.thing-made.v1").mkdir()
    for name in ("0002-the-second", "0001-the-first-one"):
        (tmp_path / "toy.thing-made.v1" / f"{name}.json").write_text(json.dumps(SAMPLE))

    first, second = samples_of("toy.thing-made.v1", tmp_path)

    assert (first.name, first.title, second.title) == ("0001-the-first-one", "the first one", "the second")
    assert first.type == "toy.thing-made.v1"
    assert first.wire_headers() == [("ce_id", "å".encode())]
    assert first.wire_value() == '{"name":"Åsa","list":[1,2]}'.encode()
    assert all_samples(tmp_path) == [first, second]
    assert samples_of("toy.other.v1", tmp_path) == []
