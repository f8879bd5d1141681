"""The local PostgreSQL gives each service its own database and rights, and keeps what was committed."""

from typing import Any

import asyncpg
import pytest

from deploy.local.blocking import finish
from deploy.local.postgres import LocalPostgres


async def run(url: str, *statements: str) -> Any:
    connection = await asyncpg.connect(url)
    try:
        for statement in statements[:-1]:
            await connection.execute(statement)
        return await connection.fetchval(statements[-1])
    finally:
        await connection.close()


@pytest.fixture(scope="module", autouse=True)
def _a_migrated_database(servers: tuple[object, LocalPostgres]) -> None:
    table = "CREATE TABLE fact (id bigserial PRIMARY KEY, what text)"
    finish(run(servers[1].owner_url("routing"), table, "SELECT 1"))


def test_an_application_changes_rows_and_not_the_schema(postgres: LocalPostgres) -> None:
    url = postgres.url("routing")
    assert finish(run(url, "INSERT INTO fact (what) VALUES ('å') RETURNING what")) == "å"
    for forbidden in ("CREATE TABLE mine ()", "DROP TABLE fact", "TRUNCATE fact"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            finish(run(url, forbidden))


@pytest.mark.parametrize("elsewhere", ("intake", "postgres", "template1"))
def test_nobody_enters_another_database(postgres: LocalPostgres, elsewhere: str) -> None:
    for url in (postgres.url("routing", elsewhere), postgres.owner_url("routing", elsewhere)):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            finish(run(url, "SELECT 1"))


def test_a_copy_of_a_database_has_the_same_rights(postgres: LocalPostgres) -> None:
    postgres.create_database("routing_copy", "routing", template="routing")
    try:
        finish(
            run(postgres.url("routing", "routing_copy"), "INSERT INTO fact (what) VALUES ('x') RETURNING id")
        )
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            finish(run(postgres.url("intake", "routing_copy"), "SELECT 1"))
        more = "CREATE TABLE later (id int)"
        finish(run(postgres.owner_url("routing", "routing_copy"), more, "SELECT 1"))
        finish(run(postgres.url("routing", "routing_copy"), "INSERT INTO later VALUES (1) RETURNING id"))
    finally:
        postgres.drop_database("routing_copy")


def test_what_was_committed_survives_a_kill_and_a_restart(postgres: LocalPostgres) -> None:
    url = postgres.url("routing")
    number = finish(run(url, "INSERT INTO fact (what) VALUES ('kept') RETURNING id"))
    postgres.kill()
    assert not postgres.process.alive
    postgres.start()
    assert finish(run(url, f"SELECT what FROM fact WHERE id = {number}")) == "kept"
    postgres.restart()
    assert finish(run(url, f"SELECT what FROM fact WHERE id = {number}")) == "kept"


def test_a_paused_server_answers_nothing_until_it_is_resumed(postgres: LocalPostgres) -> None:
    postgres.pause()
    assert not postgres.answers()
    postgres.resume()
    assert postgres.answers()


def test_a_second_start_finds_the_first(postgres: LocalPostgres) -> None:
    second = LocalPostgres(postgres.home.directory).start()
    assert second.found_running
    assert second.process.pid == postgres.process.pid


def test_promises_are_kept_on_a_laptop_too(postgres: LocalPostgres) -> None:
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        assert finish(run(postgres.admin_url, f"SHOW {setting}")) == "on"
