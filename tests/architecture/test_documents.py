"""What people read points to things that exist, and decisions are recorded in one form."""

from pathlib import Path

import pytest

from tests.architecture.document_rules import ADR_HEADINGS, broken_links, wrong_adr
from tests.architecture.tree import ROOT, markdown_files, shown

DECISIONS = ROOT / "docs" / "adr"


def test_every_link_leads_somewhere() -> None:
    wrong = [f"{shown(path)} {what}" for path in markdown_files() for what in broken_links(path, ROOT)]

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("text", "bites"),
    (
        ("[there](there.md)", False),
        ("[there](there.md#a-heading-of-mine)", False),
        ("[here](#here)\n\n## Here", False),
        ("[away](https://example.org/nowhere.md)", False),
        ("`[code](nowhere.md)`", False),
        ("```\n[code](nowhere.md)\n```", False),
        ("[there](nowhere.md)", True),
        ("[there][1]\n\n[1]: nowhere.md", True),
        ("![picture](nowhere.svg)", True),
        ("[there](there.md#no-such-heading)", True),
        ("[here](#nowhere)", True),
    ),
)
def test_a_planted_link(text: str, bites: bool, tmp_path: Path) -> None:
    (tmp_path / "there.md").write_text("# There\n\n## A `heading`, of mine\n")
    (tmp_path / "README.md").write_text(text)

    assert bool(broken_links(tmp_path / "README.md", tmp_path)) is bites


def test_every_decision_has_its_five_parts() -> None:
    records = sorted(path for path in DECISIONS.glob("*.md") if path.name != "README.md")
    wrong = [f"{shown(path)} {what}" for path in records for what in wrong_adr(path)]
    numbers = [path.name[:4] for path in records]
    wrong += [f"the number {number} is taken twice" for number in {*numbers} if numbers.count(number) > 1]

    assert not wrong, "\n".join(wrong)


WHOLE = "# A decision\n\n" + "\n\n".join(f"## {heading}\n\nWords." for heading in ADR_HEADINGS)


@pytest.mark.parametrize(
    ("name", "text", "bites"),
    (
        ("0001-a-decision.md", WHOLE, False),
        ("a-decision.md", WHOLE, True),
        ("0001-a-decision.md", WHOLE.removeprefix("# A decision"), True),
        ("0001-a-decision.md", WHOLE.replace("## Alternatives\n\nWords.", ""), True),
        ("0001-a-decision.md", WHOLE.replace("## Alternatives\n\nWords.", "## Alternatives"), True),
    ),
)
def test_a_planted_decision(name: str, text: str, bites: bool, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)

    assert bool(wrong_adr(tmp_path / name)) is bites
