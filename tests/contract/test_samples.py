"""Every sample ever committed still parses, and every type has one."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from shared.contracts.catalogue import BY_TYPE
from shared.contracts.envelope import read_envelope
from shared.contracts.json_schemas import schema_of
from shared.contracts.message import Command, Message
from shared.contracts.samples_on_file import FOLDER, Sample, all_samples, samples_of
from shared.messaging.arrival import read_record
from shared.messaging.parking import StoredRecord
from tests.architecture.tree import ROOT
from tests.contract.committed import baselines, files_of

SAMPLES = str(FOLDER.relative_to(ROOT))
every_sample = pytest.mark.parametrize("sample", all_samples(), ids=lambda s: f"{s.type}/{s.name}")


@pytest.mark.parametrize("type_", BY_TYPE)
def test_every_type_has_a_sample(type_: str) -> None:
    assert samples_of(type_), f"add {SAMPLES}/{type_}/0001-<what-it-shows>.json: headers, key, value"


@every_sample
def test_a_sample_stands_where_it_belongs(sample: Sample) -> None:
    number, _, words = sample.name.partition("-")

    assert sample.type in BY_TYPE
    assert sample.headers["ce_type"] == sample.type
    assert number.isdigit()
    assert len(number) == 4
    assert words


@every_sample
def test_a_sample_is_read_as_a_consumer_reads_it(sample: Sample) -> None:
    arrival = read_record(as_record(sample), None)

    assert isinstance(arrival.body, BY_TYPE[sample.type]), [arrival.faults, arrival.unreadable]
    assert sample.key == arrival.body.key()
    assert arrival.whole_state or arrival.line == sample.key


@every_sample
def test_a_sample_means_the_same_when_it_is_written_again(sample: Sample) -> None:
    message = parsed(sample)
    again = message.model_dump(mode="json")

    assert type(message).model_validate_json(message.model_dump_json()) == message
    if not isinstance(message, Command):
        assert missing_in(sample.value, again) == []


@every_sample
def test_a_sample_has_an_envelope(sample: Sample) -> None:
    envelope = read_envelope(sample.wire_headers())

    assert envelope.type == sample.type
    assert envelope.time < datetime(2100, 1, 1, tzinfo=UTC)
    if not sample.type.startswith("intake.") or sample.headers["ce_source"].startswith("/vardvaxel"):
        assert envelope.subject == sample.key
        assert envelope.correlation_id
        assert envelope.causation_id


@every_sample
def test_a_sample_fits_the_schema_that_others_read(sample: Sample) -> None:
    normal = parsed(sample).model_dump(mode="json")  # a portal may write an HSA-id in lower case
    Draft202012Validator(schema_of(BY_TYPE[sample.type])).validate(normal)


@pytest.mark.parametrize("commit", baselines())
def test_samples_are_only_ever_added(commit: str) -> None:
    wrong = broken_promises(files_of(commit, SAMPLES), ROOT)

    assert not wrong, "A committed sample is a promise; add another instead:\n" + "\n".join(wrong)


def broken_promises(committed: dict[str, str], root: Path) -> list[str]:
    """What became of committed samples that are no longer what they were."""
    found = {path: (root / path).read_text() if (root / path).exists() else None for path in committed}
    return [
        f"{path} was {'removed' if text is None else 'changed'}"
        for path, text in found.items()
        if text != committed[path]
    ]


def test_a_changed_or_removed_sample_is_seen_and_a_new_one_is_welcome(tmp_path: Path) -> None:
    for name in ("same", "changed", "new"):
        (tmp_path / name).write_text(name)

    assert broken_promises({"same": "same", "changed": "as it was", "removed": ""}, tmp_path) == [
        "changed was changed",
        "removed was removed",
    ]


def as_record(sample: Sample) -> StoredRecord:
    """The sample as a consumer gets it."""
    topic = BY_TYPE[sample.type].TOPIC.replace("{portal_id}", "example-portal")
    return StoredRecord(topic, 0, 0, 0, sample.key.encode(), sample.wire_value(), sample.wire_headers())


def parsed(sample: Sample) -> Message:
    """The sample as today's class."""
    return BY_TYPE[sample.type].model_validate_json(sample.wire_value())


def missing_in(old: object, new: object, path: str = "") -> list[str]:
    """What of the old JSON is not in the new one; fields that came later may be."""
    if isinstance(old, dict) and isinstance(new, dict):
        return [m for name in old for m in missing_in(old[name], new.get(name), f"{path}.{name}")]
    if isinstance(old, list) and isinstance(new, list):
        if len(old) != len(new):
            return [path]
        if all(isinstance(entry, str) for entry in [*old, *new]):  # sets have no order
            return [] if sorted(old) == sorted(new) else [path]
        return [
            m for i, pair in enumerate(zip(old, new, strict=True)) for m in missing_in(*pair, f"{path}[{i}]")
        ]
    return [] if old == new else [path]


@pytest.mark.parametrize(
    ("old", "new", "missing"),
    (
        ({"a": 1}, {"a": 1, "b": 2}, []),
        ({"a": 1, "b": 2}, {"a": 1}, [".b"]),
        ({"a": [{"b": 1}]}, {"a": [{"b": 2}]}, [".a[0].b"]),
        ({"a": ["x", "y"]}, {"a": ["y", "x"]}, []),
        ({"a": ["x", "y"]}, {"a": ["y"]}, [".a"]),
    ),
)
def test_what_a_newer_class_would_lose_is_seen(old: object, new: object, missing: list[str]) -> None:
    assert missing_in(old, new) == missing


def test_samples_are_laid_out_alike() -> None:
    for path in FOLDER.glob("*/*.json"):
        written = json.loads(path.read_text())
        assert list(written) == ["headers", "key", "value"], path
        assert path.read_text() == json.dumps(written, ensure_ascii=False, indent=2) + "\n", path


def test_samples_show_made_up_people_only() -> None:
    numbers = {s.value["citizen"]["value"] for s in all_samples() if "citizen" in s.value}

    assert numbers <= {"191212121212", "99TF10012384"}
