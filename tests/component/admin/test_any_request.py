"""Requests that nobody thought of, made from the OpenAPI document: each gets an answer, and none an error of ours."""

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case
from schemathesis.core.result import Ok

from deploy.local.choose import Infrastructure
from shared.testing.eventually import PATIENCE
from shared.testing.infrastructure import a_database
from tests.component.admin.running import DEMO, NATIONAL, Admin

EXAMPLES = 12
"""For each route, of sound requests; a third of that of unsound ones."""
GENERATED = settings(
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


AnyCase: TypeAlias = "Case[Any]"
KNOWN = {
    "clinic_id": "SE2321000016-1A2B",
    "staff_id": "SE2321000016-P003",
    "portal_id": "minvard",
    "case_type": "renew-prescription",
    "week": "2026-W47",
    "kind": "terms",
}
"""What every second request is about, so that it gets further than to be told that there is no such thing."""


@pytest.fixture(scope="module")
def client(
    infrastructure: Infrastructure, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """An admin of its own: what these requests leave behind is nobody else's."""
    with asyncio.Runner() as runner:
        context = a_database(infrastructure, "admin", template)
        log = tmp_path_factory.mktemp("any") / "log"
        admin = Admin(infrastructure, runner.run(context.__aenter__()), log)
        try:
            assert admin.operate("seed", DEMO).returncode == 0
            runner.run(admin.start())
            with httpx.Client(base_url=f"http://127.0.0.1:{admin.port}", timeout=PATIENCE) as client:
                yield client
        finally:
            admin.stop()
            runner.run(context.__aexit__(None, None, None))


def send(client: httpx.Client, case: AnyCase, token: str, *, known: bool) -> httpx.Response:
    if known:
        case.path_parameters = {name: KNOWN.get(name, 1) for name in case.path_parameters or {}}
    request: dict[str, Any] = case.as_transport_kwargs(base_url=str(client.base_url))
    headers = {name: str(value).encode() for name, value in dict(request.pop("headers", {})).items()}
    headers["Authorization"] = f"Bearer {token}".encode()
    headers["If-Match"] = b'"1"'
    request.pop("cookies", None)
    if isinstance(request.get("data"), bytes | str):
        request["content"] = request.pop("data")
    return client.request(headers=headers, **request)


def a_generated(try_out: Callable[[AnyCase], None], strategy: Any, examples: int) -> Callable[[], None]:
    """A test that tries so many requests of this kind."""

    @settings(GENERATED, max_examples=examples)
    @given(case=strategy)
    def tried(case: AnyCase) -> None:
        try_out(case)

    return tried


def test_every_request_gets_an_answer_and_none_an_error_of_ours(client: httpx.Client) -> None:
    token = client.post("/development/sign-in", json={"hsa_id": NATIONAL}).json()["access_token"]
    document = client.get("/openapi.json").json()
    wrong: list[str] = []
    asked = 0

    def try_out(case: AnyCase) -> None:
        nonlocal asked
        asked += 1
        answer = send(client, case, token, known=asked % 2 == 0)
        problem = answer.headers.get("content-type", "").startswith("application/problem+json")
        if answer.status_code >= 500 or (answer.status_code >= 400 and not problem):
            what = f"{case.method} {case.formatted_path} {case.query} {case.body!r}"[:400]
            wrong.append(f"{what} → {answer.status_code} {answer.text[:200]}")

    for found in schemathesis.openapi.from_dict(document).get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()
        for mode, examples in (
            (schemathesis.GenerationMode.POSITIVE, EXAMPLES),
            (schemathesis.GenerationMode.NEGATIVE, EXAMPLES // 3),
        ):
            strategy = operation.as_strategy(generation_mode=mode)
            # What takes nothing can't be asked wrongly.
            with contextlib.suppress(Unsatisfiable):
                a_generated(try_out, strategy, examples)()

    assert asked > 400
    assert wrong == [], "\n".join(wrong)
