"""JSON responses as bytes, without a detour through a model."""

from collections.abc import Mapping
from typing import Any

import orjson
from starlette.responses import Response


def json_response(
    body: Any,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    media_type: str = "application/json",
) -> Response:
    """A response whose body is this value as JSON."""
    return Response(orjson.dumps(body), status, dict(headers or {}), media_type)
