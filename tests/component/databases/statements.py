"""Every statement of a service: found in its modules, so that a new one can't be forgotten."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from types import ModuleType

SHARED = ("database", "inbox", "messaging", "observability", "outbox", "security")
_SQL = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b(?!.*\{table\})", re.DOTALL)


def statements_of(service: str) -> dict[str, str]:
    """By module and name, the statements of a service and of the machinery that it runs on.

    Those count that are kept under a name, in a module or a class; a test sees to it that all are. A text that is still
    to be told its table is none.
    """
    packages = [f"services.{service}", *(f"shared.{part}" for part in SHARED)]
    modules = [module for package in packages for module in _modules(package)]
    return {name: statement for module in modules for name, statement in _named(module)}


def _modules(package: str) -> Iterator[ModuleType]:
    found = importlib.import_module(package)
    for info in pkgutil.walk_packages(found.__path__, f"{package}."):
        if ".migrations" not in info.name and not info.name.endswith("__main__"):
            yield importlib.import_module(info.name)


def _named(module: ModuleType) -> Iterator[tuple[str, str]]:
    classes = [
        found
        for _, found in inspect.getmembers(module, inspect.isclass)
        if found.__module__ == module.__name__
    ]
    for holder in (module, *classes):
        for name, text in vars(holder).items():
            if isinstance(text, str) and not name.startswith("__") and _SQL.match(text):
                yield (
                    f"{holder.__module__ if inspect.isclass(holder) else module.__name__}.{_under(holder)}{name}",
                    text,
                )


def _under(holder: object) -> str:
    return f"{holder.__qualname__}." if inspect.isclass(holder) else ""
