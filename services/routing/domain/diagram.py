"""The table of a case's life as a picture, for the README."""

from services.routing.domain.case import TRANSITIONS, Act, Status


def mermaid() -> str:
    """The table as a state diagram, for the README."""
    lines = ["stateDiagram-v2", "    [*] --> queued: receive"]
    arrows: dict[tuple[Status, Status], list[str]] = {}
    for (before, act), after in TRANSITIONS.items():
        if before is not after or act is Act.REASSIGN:
            arrows.setdefault((before, after), []).append(act)
    lines += [f"    {before} --> {after}: {', '.join(acts)}" for (before, after), acts in arrows.items()]
    return "\n".join(lines)
