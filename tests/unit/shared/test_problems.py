"""What goes wrong before any use case is asked says what is wrong and what to do, like everything else."""

import asyncio
from typing import Any

import httpx
import pytest
from pydantic import BaseModel

from shared.errors import Unavailable
from shared.http.app import new_app


class Wish(BaseModel):
    """A body."""

    word: str


def asked(method: str, path: str, **request: Any) -> httpx.Response:
    """The answer of an app with one address that takes words, one that is busy, and one that has a fault."""
    app = new_app("test", body_limit=100, alive=list, ready=list)

    @app.post("/words")
    async def take(wish: Wish) -> None: ...

    @app.get("/busy")
    async def busy() -> None:
        raise Unavailable("database")

    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("secret")

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.request(method, path, **request)

    return asyncio.run(ask())


@pytest.mark.parametrize("language", ("sv", "en"))
@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    (
        ("GET", "/nowhere", b"", 404, "no_such_address"),
        ("GET", "/words%00", b"", 404, "no_such_address"),
        ("GET", "/words", b"", 405, "method_not_allowed"),
        ("POST", "/words", b'{"word": "hen"}', 415, "not_json_type"),
        ("POST", "/words", b"", 422, "required"),
        ("GET", "/busy", b"", 503, "busy"),
        ("GET", "/broken", b"", 500, "fault_of_ours"),
    ),
)
def test_a_problem_has_its_reason_in_the_language_that_was_asked_for(
    method: str, path: str, body: bytes, status: int, code: str, language: str
) -> None:
    headers = {"Accept-Language": language, "Content-Type": "text/plain"}

    answer = asked(method, path, content=body, headers=headers)

    problem = answer.json()
    [reason] = problem["reasons"]
    assert (answer.status_code, problem["status"], reason["code"]) == (status, status, code)
    assert problem["type"] == f"urn:vardvaxel:problem:{code}"
    assert reason["message"] == problem["detail"]
    assert answer.headers["content-language"] == language
    assert "secret" not in answer.text


def test_a_wrong_method_is_told_which_ones_there_are() -> None:
    assert asked("GET", "/words").headers["allow"] == "POST"


@pytest.mark.parametrize("kind", ("application/json", "application/fhir+json; charset=utf-8"))
def test_what_says_that_it_is_json_is_taken(kind: str) -> None:
    answer = asked("POST", "/words", content=b'{"word": "hen"}', headers={"Content-Type": kind})
    assert answer.status_code == 200


def test_json_of_another_shape_is_told_so() -> None:
    assert asked("POST", "/words", json=["hen"]).json()["reasons"][0]["code"] == "wrong_type"
