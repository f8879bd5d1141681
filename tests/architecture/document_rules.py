"""Rules for what people read. Each returns what is wrong, in words."""

import re
from pathlib import Path

FENCED = re.compile(r"^(```|~~~).*?^\1", re.DOTALL | re.MULTILINE)
CODE = re.compile(r"`[^`\n]*`")
LINK = re.compile(r"\[[^\]]*\]\(\s*<?([^)\s>]+)[^)]*\)|^\[[^\]]+\]:\s*(\S+)", re.MULTILINE)
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|#")
HEADING = re.compile(r"^#+\s+(.+?)\s*#*$", re.MULTILINE)
ADR_NAME = re.compile(r"\d{4}-[a-z0-9-]+\.md")
ADR_HEADINGS = ["Context", "Decision", "Consequences", "Alternatives", "Enforced by"]


def broken_links(path: Path, root: Path) -> list[str]:
    """Links to files that don't exist, and to headings that a Markdown file doesn't have."""
    wrong = []
    for match in LINK.finditer(_prose(path)):
        target, _, heading = (match[1] or match[2]).partition("#")
        if ELSEWHERE.match(match[1] or match[2]) and target:
            continue
        goal = (
            path
            if not target
            else root / target.lstrip("/")
            if target.startswith("/")
            else path.parent / target
        )
        if not goal.exists():
            wrong.append(f"links to {target}, which does not exist")
        elif heading and goal.suffix == ".md" and heading not in anchors(goal):
            wrong.append(f"links to #{heading}, a heading that {goal.name} does not have")
    return wrong


def anchors(path: Path) -> set[str]:
    """The addresses of a file's headings, made as forges make them."""
    titles = HEADING.findall(FENCED.sub("", path.read_text()))
    return {
        re.sub(r"[^\w\- ]", "", title.replace("`", "")).strip().lower().replace(" ", "-") for title in titles
    }


def wrong_adr(path: Path) -> list[str]:
    """A decision record: numbered, one title, the five headings in their order, each with something below."""
    wrong = [] if ADR_NAME.fullmatch(path.name) else ["is not named NNNN-title.md"]
    parts = re.split(r"^## +(.+?) *$", FENCED.sub("", path.read_text()), flags=re.MULTILINE)
    headings, bodies = parts[1::2], parts[2::2]
    if not re.match(r"# \S", parts[0]):
        wrong.append("does not open with a title")
    if headings != ADR_HEADINGS:
        wrong.append(f"has the headings {headings}, and should have {ADR_HEADINGS}")
    wrong += [
        f"says nothing under “{heading}”"
        for heading, body in zip(headings, bodies, strict=True)
        if not body.strip()
    ]
    return wrong


def _prose(path: Path) -> str:
    return CODE.sub("", FENCED.sub("", path.read_text()))
