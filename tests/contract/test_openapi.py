"""What services say of their HTTP: every route is in the document, and whatever goes wrong is a problem."""

from typing import Any

import pytest
from starlette.routing import Route

from shared.contracts.service_parts import built, openapi_of
from shared.contracts.topics import SERVICES

UNDOCUMENTED = {"/livez", "/readyz", "/metrics", "/openapi.json"}
"""For operators, not for clients."""
PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


def document(service: str) -> dict[str, Any]:
    found = openapi_of(service)
    assert found is not None
    return found


@pytest.mark.parametrize("service", SERVICES)
def test_every_route_is_documented_however_it_was_added(service: str) -> None:
    routes = {route.path for route in built(service).app.routes if isinstance(route, Route)}
    assert routes
    assert routes - UNDOCUMENTED <= set(document(service)["paths"])


@pytest.mark.parametrize("service", SERVICES)
def test_whatever_goes_wrong_is_a_problem(service: str) -> None:
    described = document(service)
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            told = operation["responses"]
            assert told["default"]["content"] == PROBLEM, (method, path)
            wrong = {status: answer for status, answer in told.items() if status[0] in "45"}
            assert all(answer.get("content") == PROBLEM for answer in wrong.values()), (method, path)
    assert set(described["components"]["schemas"]["Problem"]["properties"]) == {
        "type", "title", "status", "detail", "reasons",
    }  # fmt: skip


def test_the_live_stream_says_how_to_go_on_where_it_broke_off() -> None:
    stream = document("routing")["paths"]["/stream"]["get"]
    assert list(stream["responses"]["200"]["content"]) == ["text/event-stream"]
    assert [(it["name"], it["in"]) for it in stream["parameters"]] == [("Last-Event-ID", "header")]
    assert {"401", "403", "503"} <= set(stream["responses"])
