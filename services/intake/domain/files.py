"""How many files a message may carry, and of which kinds, by what it says of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from shared.contracts.case_types import AttachmentKind, Attachments
from shared.faults import Fault

BY_STAFF = Attachments(most=10)
"""What an answer may carry."""


def files_of_citizen(said: Mapping[str, Any]) -> Attachments:
    """What the case may carry when it comes, as the version of its type says."""
    return Attachments.model_validate(said.get("attachments", {}))


def faults_in_files(files: Sequence[Mapping[str, Any]], allowed: Attachments) -> Iterator[Fault]:
    """Too many, or of a kind that is not taken here."""
    most = allowed.most if allowed.allowed else 0
    if len(files) > most:
        yield _too_many(most)
    elif any(_kind(file) not in allowed.kinds for file in files):
        yield _other_kinds(allowed.kinds)


def _kind(file: Mapping[str, Any]) -> str:
    """`image/jpeg` is a `jpeg`."""
    return str(file["contentType"]).rpartition("/")[2]


def _too_many(most: int) -> Fault:
    sv = f"högst {most}" if most else "inga"
    return Fault(
        "form",
        "too_many_files",
        f"Här får {sv} filer bifogas. Ta bort de andra.",
        f"{f'At most {most}' if most else 'No'} files can be attached here. Remove the others.",
    )


def _other_kinds(kinds: Iterable[AttachmentKind]) -> Fault:
    names = ", ".join(kind.upper() for kind in kinds)
    return Fault(
        "form",
        "wrong_file_type",
        f"Bara filer av dessa slag tas emot här: {names}. Ta bort de andra.",
        f"Only files of these kinds are taken here: {names}. Remove the others.",
    )
