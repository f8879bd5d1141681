"""What the services say about themselves, looked up while documents are made: what they handle, and their HTTP.

Nothing here is imported before it is asked for: the published language itself needs no service.
"""

import base64
import inspect
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, get_type_hints

from pydantic import SecretStr
from pydantic_settings import BaseSettings

from shared.contracts.message import Message
from shared.contracts.topics import SERVICES

ROOT = Path(__file__).resolve().parents[2]
_MADE_UP: dict[str, Any] = {
    "environment": "production",
    "database_url": "postgresql://nobody@127.0.0.1:1/nothing",
    "kafka_servers": "127.0.0.1:1",
}
"""Addresses that lead nowhere: whoever connects while documents are made fails."""
_NO_SECRET = base64.b64encode(bytes(32)).decode()
"""What a secret that is required looks like: 32 bytes in base64."""


def handled_by(service: str) -> frozenset[type[Message]] | None:
    """The types in the table of a service; None for who is no service, or has no `app.py` yet."""
    if not exists(service):
        return None
    return frozenset(built(service).runner.parts.handlers.by_message)


def openapi_of(service: str) -> dict[str, Any] | None:
    """The OpenAPI document of a service's app, without a connection; None if the service has no `app.py` yet."""
    if not exists(service):
        return None
    document: dict[str, Any] = built(service).app.openapi()
    return document


@cache
def built(service: str) -> Any:
    """The service put together with made-up settings, as its composition root does it; nothing is opened."""
    build = import_module(f"services.{service}.app").build
    settings: type[BaseSettings] = get_type_hints(build)[next(iter(inspect.signature(build).parameters))]
    return build(made_up(settings))


def made_up(settings: type[BaseSettings]) -> BaseSettings:
    """Settings for production that lead nowhere. What is required and unknown here is the field's own example."""
    values = {}
    for name, field in settings.model_fields.items():
        if name in _MADE_UP:
            values[name] = _MADE_UP[name]
        elif field.examples:
            values[name] = field.examples[0]
        elif not field.is_required():
            values[name] = field.get_default(call_default_factory=True)
        elif field.annotation is SecretStr:
            values[name] = _NO_SECRET
    return settings(**values)


def exists(service: str) -> bool:
    """Whether this is a service that can be put together."""
    return service in SERVICES and (ROOT / "services" / service / "app.py").exists()
