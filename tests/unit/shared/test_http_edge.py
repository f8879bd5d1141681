"""A body that is too large is told so before any route sees it, in the language that was asked for."""

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
    async def take(thing: dict[str, Any]) -> None: ...

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
