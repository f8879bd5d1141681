"""What never reaches a route is told as a problem too, in the language that was asked for."""

from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from shared.http.app import new_app

LIMIT = 100


def well() -> list[str]:
    return []


@pytest.fixture
def app() -> FastAPI:
    app = new_app("test", body_limit=LIMIT, alive=well, ready=well)

    @app.post("/things")
    async def take(thing: dict[str, Any]) -> dict[str, Any]:
        return {"length": len(thing), "failed": 1 / len(thing)}

    return app


@pytest.mark.parametrize("content", (b"x" * (LIMIT + 1), (b"xx",) * LIMIT), ids=("says so", "goes on"))
@pytest.mark.parametrize(("language", "words"), (("sv", "högst 100 byte"), ("en", "at most 100 bytes")))
def test_a_body_that_is_too_large_is_told_the_limit(
    app: FastAPI, content: bytes | tuple[bytes, ...], language: str, words: str
) -> None:
    answer = TestClient(app).post("/things", content=content, headers={"Accept-Language": language})
    assert (answer.status_code, answer.headers["content-language"]) == (413, language)
    (reason,) = answer.json()["reasons"]
    assert (reason["code"], words in reason["message"]) == ("too_large", True)


def test_a_fault_of_ours_is_told_in_english_and_says_nothing_about_itself(app: FastAPI) -> None:
    client = TestClient(app, raise_server_exceptions=False)
    answer = client.post("/things", json={}, headers={"Accept-Language": "en"})
    assert answer.json() == {
        "type": "urn:vardvaxel:problem:500",
        "title": "Something went wrong here",
        "status": 500,
    }
    assert "division" not in answer.text


def test_an_address_with_nul_is_not_there(app: FastAPI) -> None:
    answer = TestClient(app).post("/things%00", json={}, headers={"Accept-Language": "en"})
    assert (answer.status_code, answer.json()["title"]) == (404, "There is no such thing")
