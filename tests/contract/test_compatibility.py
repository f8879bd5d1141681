"""Within a version there are only additions: today's schemas against the committed and the released ones."""

import json

import pytest

from shared.contracts.catalogue import BY_TYPE
from shared.contracts.compatibility import breaking_changes
from shared.contracts.generate import SCHEMAS
from shared.contracts.json_schemas import schema_of
from tests.architecture.tree import ROOT
from tests.contract.committed import baselines, files_of

ON_DISK = "the files on disk"


def baseline(commit: str) -> dict[str, str]:
    """Path → text of the schemas that count: a commit's, or those on disk where git can't be asked."""
    if commit != ON_DISK:
        return files_of(commit, SCHEMAS)
    return {str(path.relative_to(ROOT)): path.read_text() for path in (ROOT / SCHEMAS).glob("*.json")}


@pytest.mark.parametrize("commit", baselines() or [ON_DISK])
def test_no_schema_has_changed_in_a_way_that_breaks(commit: str) -> None:
    wrong = []
    for path, text in baseline(commit).items():
        type_ = path.rsplit("/", 1)[1].removesuffix(".json")
        message = BY_TYPE.get(type_)
        changes = (
            ["the type is gone"]
            if message is None
            else breaking_changes(json.loads(text), schema_of(message))
        )
        wrong += [f"{type_}: {change}" for change in changes]

    assert not wrong, "Make a new version (CONTRIBUTING.md) instead of these changes:\n" + "\n".join(wrong)


def test_what_is_on_disk_counts_where_git_can_not_be_asked() -> None:
    assert {path.rsplit("/", 1)[1].removesuffix(".json") for path in baseline(ON_DISK)} == set(BY_TYPE)


def test_without_git_there_is_no_baseline_and_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    assert baselines() == []
    assert files_of("HEAD", SCHEMAS) == {}
