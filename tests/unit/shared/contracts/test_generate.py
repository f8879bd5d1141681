"""Made files are written where they are stale, removed where nothing makes them, and only looked at by --check."""

from pathlib import Path

import pytest

from shared.contracts import generate

MADE = {
    "shared/contracts/schemas/a.v1.json": "{}\n",
    "docs/openapi/intake.json": "{}\n",
    "docs/events.md": "# Messages\n",
}


@pytest.fixture
def written(tmp_path: Path) -> Path:
    generate.write(MADE, tmp_path)
    return tmp_path


def test_everything_is_stale_where_nothing_is(tmp_path: Path) -> None:
    assert generate.stale(MADE, tmp_path) == sorted(MADE)


def test_nothing_is_stale_after_writing_and_nothing_is_written_again(written: Path) -> None:
    assert generate.stale(MADE, written) == []
    assert generate.write(MADE, written) == []


def test_what_differs_is_stale_and_written(written: Path) -> None:
    (written / "docs/events.md").write_text("# Other\n")

    assert generate.write(MADE, written) == ["docs/events.md"]
    assert (written / "docs/events.md").read_text() == "# Messages\n"


@pytest.mark.parametrize("path", ("shared/contracts/schemas/gone.v1.json", "docs/openapi/gone.json"))
def test_what_nothing_makes_any_more_is_stale_and_removed(path: str, written: Path) -> None:
    (written / path).write_text("{}\n")

    assert generate.stale(MADE, written) == [path]
    generate.write(MADE, written)
    assert not (written / path).exists()


def test_what_people_wrote_beside_it_is_left_alone(written: Path) -> None:
    (written / "docs/forms.md").write_text("# Forms\n")

    assert generate.write(MADE, written) == []
    assert (written / "docs/forms.md").exists()


def test_check_tells_what_is_stale_and_which_command_helps(
    written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generate, "files", lambda: {**MADE, "docs/asyncapi.yaml": "asyncapi: 3.0.0\n"})

    with pytest.raises(SystemExit) as exit_:
        generate.main(["--check"], written)

    assert "docs/asyncapi.yaml" in str(exit_.value)
    assert "docs/events.md" not in str(exit_.value)
    assert "make generate" in str(exit_.value)
    assert not (written / "docs/asyncapi.yaml").exists()


def test_check_is_silent_where_all_is_fresh(
    written: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(generate, "files", lambda: MADE)

    generate.main(["--check"], written)

    assert capsys.readouterr().out == ""


def test_writing_lists_what_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(generate, "files", lambda: MADE)

    generate.main([], tmp_path)

    assert capsys.readouterr().out.split() == sorted(MADE)
