"""No statement of a service reads a whole big table: each is explained on tables that are full."""

import ast
import json
import re
from collections.abc import Collection, Iterator
from importlib import import_module
from typing import Any

import asyncpg
import pytest

from deploy.local.choose import Infrastructure
from shared.contracts.service_parts import built
from shared.contracts.topics import SERVICES
from shared.database.pool import Connection
from shared.testing.infrastructure import a_database
from tests.architecture.tree import ROOT
from tests.component.databases.filling import fill
from tests.component.databases.statements import SHARED, statements_of

MAY_SCAN = {
    "shared.messaging.commands._COUNT": "an operator's command",
    "shared.messaging.commands._LIST": "an operator's command",
    "shared.messaging.commands._REDRIVE": "an operator's command",
    "shared.messaging.runner._NEW_RELEASE": "once, when a process starts",
    "shared.outbox.relay._ANY": "stops at the first row",
    "services.routing.adapters.rounds._BACKLOG": "each half minute, over the clinics: some thousands",
    "services.admin.adapters.access_verification._WALK": "an operator's command",
    "services.admin.adapters.review_opening._OPEN": "each minute, over the clinics: some thousands",
    "services.admin.adapters.sessions._SWEEP": "each second, over who is signed in: some thousands",
    "services.admin.adapters.sessions._FORGET": "each second, over who began to sign in within half an hour",
    "services.admin.adapters.sign_in_tries._FORGET": "each minute, over those who failed to sign in within an hour",
    "shared.observability.depth._OUTBOX": "stops at 10,001 rows",
    "shared.observability.depth._PARKED": "each five seconds, over what is kept aside: little, or an alarm anyway",
}
"""Statements that read a whole table, and why they may."""
_EXPLAIN = """
CREATE FUNCTION pg_temp.plan_of(statement text) RETURNS json LANGUAGE plpgsql AS $$
DECLARE plan json;
BEGIN
    EXECUTE 'EXPLAIN (GENERIC_PLAN, FORMAT JSON) ' || statement INTO plan;
    RETURN plan;
END $$
"""
_ONWARD = re.compile(r"\(\w+ [<>]=? [^()]*\)")
"""An index condition that says where to begin, and not where to stop."""
INLINE = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b.*\b(FROM|INTO|SET)\b", re.DOTALL)


def scans(
    plan: dict[str, Any], big: Collection[str], partial: Collection[str] = (), *, limited: bool = False
) -> Iterator[str]:
    """Big tables that a plan reads from end to end, by heap or by index, unless it stops after so many rows.

    Whoever goes on by key and leaves rows out stops late, or never: where a page is what few of all rows are.
    A partial index holds no more than what the statement is about.
    """
    kind, table = plan["Node Type"], str(plan.get("Relation Name", ""))
    limited = limited or kind == "Limit"
    bound = {"Index Cond", "Recheck Cond"} & plan.keys() or plan.get("Index Name") in partial
    by_index = kind in ("Index Scan", "Index Only Scan", "Bitmap Heap Scan") and not bound and not limited
    onward = _ONWARD.fullmatch(str(plan.get("Index Cond", ""))) is not None and "Filter" in plan
    by_index = by_index or (onward and plan.get("Index Name") not in partial)
    if table in big and (kind == "Seq Scan" or by_index):
        yield f"{kind} on {table}"
    for part in plan.get("Plans", ()):
        yield from scans(part, big, partial, limited=limited)


@pytest.mark.parametrize("service", SERVICES)
async def test_no_statement_reads_a_whole_big_table(
    infrastructure: Infrastructure, templates: dict[str, str], service: str
) -> None:
    metadata = import_module(f"services.{service}.adapters.tables").metadata
    partial = _partial_indexes(metadata)
    found = statements_of(service)
    assert len(found) > 30, "the statements are found"
    wrong = {}
    async with a_database(infrastructure, service, templates[service]) as name:
        connection = await asyncpg.connect(infrastructure.databases.owner_url(service, name))
        try:
            big = await fill(connection, service, metadata)
            for setting, value in built(service).database.planner.items():
                await connection.execute("SELECT set_config($1, $2, false)", setting, value)
            await connection.execute(_EXPLAIN)
            for place, statement in found.items():
                plan = await _plan_of(connection, statement)
                if read := sorted(set(scans(plan, big, partial))):
                    wrong[place] = read
        finally:
            await connection.close()
    assert {place: read for place, read in wrong.items() if place not in MAY_SCAN} == {}


def _partial_indexes(metadata: Any) -> frozenset[str]:
    indexes = [index for table in metadata.tables.values() for index in table.indexes]
    return frozenset(it.name for it in indexes if it.dialect_options["postgresql"]["where"] is not None)


async def _plan_of(connection: Connection, statement: str) -> dict[str, Any]:
    """The plan for any arguments; an empty one where the statement is about tables that this service has not."""
    try:
        plan = json.loads(await connection.fetchval("SELECT pg_temp.plan_of($1)", statement))
    except asyncpg.UndefinedTableError:
        return {"Node Type": "Result"}
    found: dict[str, Any] = plan[0]["Plan"]
    return found


def test_a_planted_scan_is_seen() -> None:
    scan = {"Node Type": "Seq Scan", "Relation Name": "cases"}
    whole = {"Node Type": "Index Only Scan", "Relation Name": "cases", "Index Name": "cases_pkey"}
    assert list(scans({"Node Type": "Sort", "Plans": [scan]}, {"cases"})) == ["Seq Scan on cases"]
    assert list(scans(whole, {"cases"})) == ["Index Only Scan on cases"]
    assert list(scans({"Node Type": "Limit", "Plans": [whole]}, {"cases"})) == []
    assert list(scans(whole | {"Index Cond": "(id = $1)"}, {"cases"})) == []
    onward = whole | {"Index Cond": "(id > $1)", "Filter": "(clinic_id = $2)"}
    assert list(scans({"Node Type": "Limit", "Plans": [onward]}, {"cases"})) == ["Index Only Scan on cases"]
    assert list(scans(whole, {"cases"}, {"cases_pkey"})) == []


def test_every_statement_has_a_name_by_which_it_is_found() -> None:
    """A statement that stands in a call would be explained by nobody."""
    folders = [ROOT / "services" / service for service in SERVICES] + [
        ROOT / "shared" / part for part in SHARED
    ]
    inline = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for folder in folders
        for path in sorted(folder.rglob("*.py"))
        if "migrations" not in path.parts
        for node in _in_calls(ast.parse(path.read_text()))
    ]
    assert inline == []


def _in_calls(tree: ast.AST) -> Iterator[ast.expr]:
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if isinstance(call.func, ast.Attribute) and call.func.attr.startswith(("fetch", "execute")):
            for argument in call.args[:1]:
                text = "".join(
                    str(part.value) for part in ast.walk(argument) if isinstance(part, ast.Constant)
                )
                if INLINE.match(text):
                    yield argument
