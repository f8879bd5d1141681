"""Write everything that follows from the contracts: schemas, AsyncAPI, OpenAPI and the page of messages.

python -m shared.contracts.generate            write what is stale
python -m shared.contracts.generate --check    write nothing; 1 with the list of what is stale
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from shared.contracts import asyncapi, event_tables
from shared.contracts.catalogue import MESSAGES
from shared.contracts.json_schemas import schema_of
from shared.contracts.service_parts import ROOT, openapi_of
from shared.contracts.topics import SERVICES

SCHEMAS = "shared/contracts/schemas"
OPENAPI = "docs/openapi"
COMMAND = "make generate"


def files() -> dict[str, str]:
    """Path from the root → what stands there, of everything that is made."""
    made = {f"{SCHEMAS}/{message.TYPE}.json": _json(schema_of(message)) for message in MESSAGES}
    made["docs/asyncapi.yaml"] = _yaml(asyncapi.document())
    made["docs/events.md"] = event_tables.page()
    for service in SERVICES:
        if (document := openapi_of(service)) is not None:
            made[f"{OPENAPI}/{service}.json"] = _json(document)
    return made


def stale(made: dict[str, str], root: Path = ROOT) -> list[str]:
    """What on disk is missing, different, or made from something that is no more."""
    different = [path for path, text in made.items() if not _reads(root / path, text)]
    return sorted([*different, *(path for path in _on_disk(root) if path not in made)])


def write(made: dict[str, str], root: Path = ROOT) -> list[str]:
    """Bring the disk up to date; gives the paths that were stale."""
    changed = stale(made, root)
    for path in changed:
        if path in made:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(made[path])
        else:
            (root / path).unlink()
    return changed


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m shared.contracts.generate",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--check", action="store_true", help="only tell what is stale")
    chosen = parser.parse_args(arguments)
    made = files()
    if not chosen.check:
        sys.stdout.writelines(f"{path}\n" for path in write(made, root))
    elif found := stale(made, root):
        listed = "\n".join(f"  {path}" for path in found)
        sys.exit(f"Older than what they are made from:\n{listed}\nRun `{COMMAND}` and commit the result.")


def _on_disk(root: Path) -> Iterator[str]:
    for folder in (SCHEMAS, OPENAPI):
        for path in (root / folder).glob("*.json"):
            yield str(path.relative_to(root))


def _reads(path: Path, text: str) -> bool:
    return path.exists() and path.read_text() == text


def _json(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


class _WithoutAliases(yaml.SafeDumper):
    """What occurs twice is written twice: people read this."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _yaml(document: Any) -> str:
    text: str = yaml.dump(document, Dumper=_WithoutAliases, sort_keys=False, allow_unicode=True, width=110)
    return f"# Made by `{COMMAND}` from shared/contracts/; don't edit.\n{text}"


if __name__ == "__main__":
    main()
