"""The demo's region, made by admin's API as its administrators would, is the one that the seed describes."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from deploy.local.choose import Infrastructure
from deploy.local.errors import LocalStackError
from deploy.local.planting import Planting
from shared.testing.infrastructure import a_database
from tests.component.admin.running import DEMO, NATIONAL, Admin


@pytest.fixture
def empty(infrastructure: Infrastructure, template: str, tmp_path: Path) -> Iterator[Admin]:
    """An admin with nobody in it."""
    with asyncio.Runner() as runner:
        context = a_database(infrastructure, "admin", template)
        admin = Admin(infrastructure, runner.run(context.__aenter__()), tmp_path / "log")
        try:
            runner.run(admin.start())
            yield admin
        finally:
            admin.stop()
            runner.run(context.__aexit__(None, None, None))


def test_a_region_is_planted_by_api_once_and_is_what_the_seed_describes(empty: Admin) -> None:
    address = f"http://127.0.0.1:{empty.port}"

    def operate(*command: str) -> list[str]:
        done = empty.operate(*command)
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    def sign_in(hsa_id: str) -> httpx.Client:
        answer = httpx.post(f"{address}/development/sign-in", json={"hsa_id": hsa_id}, timeout=30)
        if not answer.is_success:
            raise LocalStackError(answer.text)
        headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        return httpx.Client(base_url=address, headers=headers, timeout=30)

    planting = Planting(json.loads(Path(DEMO).read_text()), operate, sign_in)
    assert planting.run() > 30
    assert planting.run() == 0
    with sign_in(NATIONAL) as national:
        opened = [clinic["clinic_id"] for clinic in national.get("/clinics").json() if clinic["active"]]
        types = national.get("/case-types").json()
        templates = national.get("/templates").json()
    assert len(opened) == 3
    assert (len(types), len(templates)) == (6, 2)
    said = operate("seed", DEMO)
    assert said[0].endswith(": 0 changed"), said
