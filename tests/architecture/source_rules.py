"""The rules of the house that a program can judge by reading one file. Each returns what is wrong, in words."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

MOST_LINES = 300
VAGUE_ENDINGS = (
    "Manager",
    "Service",
    "Helper",
    "Helpers",
    "Util",
    "Utils",
    "Impl",
    "Data",
    "Info",
    "StatusChanged",
)
"""Last words of a class name that say nothing about what it is."""
ALLOWED = frozenset({"LocalService", "Service"})
"""Here the word means one of the four services, and nothing else."""
VAGUE_MODULES = frozenset({"base", "common", "helper", "helpers", "impl", "manager", "misc", "util", "utils"})
VAGUE_STARTS = ("process_", "handle_")
SMTP_VERB = re.compile(r"handle_[A-Z]+")
"""aiosmtpd finds what answers a verb by such a name."""
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*")

PASSES_OVER = frozenset({"importorskip", "skip", "skipif", "xfail"})
TAME = "shared/messaging/consumer.py"

Rule = Callable[[Path, str], list[str]]


def too_long(path: Path, text: str) -> list[str]:
    """A long file hides a missing noun. Migrations are history and stay as they are."""
    lines = text.count("\n")
    exempt = "migrations" in path.parts or "tests" in path.parts
    return [f"{lines} lines, {MOST_LINES} fit"] if lines > MOST_LINES and not exempt else []


def without_docstring(path: Path, text: str) -> list[str]:
    """A module opens with one sentence that says what it is for."""
    return [] if ast.get_docstring(ast.parse(text)) else ["opens without a sentence that says what it is for"]


def vague_names(path: Path, text: str) -> list[str]:
    """Classes, functions and modules are named after what they are or do."""
    wrong = [f"module {path.stem}: name what is in it"] if path.stem in VAGUE_MODULES else []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ClassDef):
            wrong += [f"class {node.name}: {why}" for why in _wrong_in_class(node)]
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            wrong += [f"{node.name}(): {why}" for why in _wrong_in_function(node.name)]
    return wrong


def untamed_consumers(path: Path, text: str) -> list[str]:
    """aiokafka's consumer does not end in order while its broker is away: ours does. The rival owes us nothing."""
    if path.as_posix().endswith(TAME) or "rival" in path.parts:
        return []
    imports = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom))
    taken = {name.name for node in imports if node.module == "aiokafka" for name in node.names}
    return ["take shared.messaging.consumer.Consumer"] if "AIOKafkaConsumer" in taken else []


def passed_over(path: Path, text: str) -> list[str]:
    """A test that does not run proves nothing, and looks as if it did."""
    used = {node.attr for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Attribute)}
    return [f"{name}: every test runs, everywhere" for name in sorted(used & PASSES_OVER)]


def _wrong_in_class(node: ast.ClassDef) -> Iterator[str]:
    words = WORD.findall(node.name)
    for ending in VAGUE_ENDINGS:
        if words[-len(WORD.findall(ending)) :] == WORD.findall(ending) and node.name not in ALLOWED:
            yield f"“{ending}” says nothing about what it is"
    if "Base" in (words[:1] + words[-1:]):
        yield "“Base” says nothing about what it is"
    if words[-1:] == ["Event"] and "TYPE" in _assigned_in(node):
        yield "an event is named by its past participle, without the suffix"


def _assigned_in(node: ast.ClassDef) -> set[str]:
    names = [target for line in node.body if isinstance(line, ast.Assign) for target in line.targets]
    names += [line.target for line in node.body if isinstance(line, ast.AnnAssign) and line.value]
    return {name.id for name in names if isinstance(name, ast.Name)}


def _wrong_in_function(name: str) -> Iterator[str]:
    bare = name.lstrip("_")
    for start in VAGUE_STARTS:
        if bare.startswith(start) and not SMTP_VERB.fullmatch(bare):
            yield f"“{start}” says nothing; consumers are called on_…, use cases by their act"
    for word in {"helper", "impl", "manager", "util", "utils"} & set(bare.split("_")):
        yield f"“{word}” says nothing about what it does"
