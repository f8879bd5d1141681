"""The operator's commands beside those of every service: bootstrap, seed, republish, rotate-key, refresh, verify.

Whoever has a shell and the database's password is asked for no permission; the history names them `operator`.
"""

import argparse
import asyncio
import logging
import sys
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import structlog
from pydantic import ValidationError

from services.admin.adapters.access_verification import walk
from services.admin.adapters.directory import Directory
from services.admin.adapters.national_directory import DirectoryFile
from services.admin.adapters.republishing import Republishing
from services.admin.adapters.secrets import PortalSecrets
from services.admin.adapters.sessions import Sessions
from services.admin.adapters.signing import SigningKeys
from services.admin.adapters.upkeep import Upkeep
from services.admin.application.accounts.commands import LearnEntries
from services.admin.application.faults import NO_DIRECTORY, NOT_IN_DIRECTORY
from services.admin.application.seed import OPERATOR
from services.admin.application.sign_in.commands import PublishTerms
from services.admin.application.sign_in.wishes import NewTerms
from services.admin.domain.access_chain import Head
from services.admin.entrypoints.region import RegionFile, first_administrator, perform_as_operator
from services.admin.settings import AdminSettings
from shared.clock import utc_now
from shared.database.pool import Database, connect
from shared.errors import Refused, Transient
from shared.observability.logs import set_up_logs

Act = Callable[[AdminSettings, argparse.Namespace], None]


def operator_commands(commands: Any) -> dict[str, Act]:
    """Add the commands to the parser; gives what each does."""
    first = commands.add_parser("bootstrap", help="make somebody national administrator")
    first.add_argument("--staff", required=True, metavar="HSA_ID")
    first.add_argument("--name", required=True, help="given name and family name")
    first.add_argument("--email", default="")
    first.add_argument("--unit", required=True, metavar="HSA_ID", help="the unit that the role belongs to")
    first.add_argument("--unit-name", default="", help="where there is no such unit yet")
    first.add_argument(
        "--region", default="", help="its county code, two digits, where there is no such unit"
    )
    first.add_argument("--again", action="store_true", help="although there is one: none of them can sign in")
    terms = commands.add_parser("publish-terms", help="publish new terms for staff, which everybody accepts")
    terms.add_argument("swedish", type=Path, help="a text file")
    terms.add_argument("english", type=Path, help="a text file")
    seed = commands.add_parser("seed", help="bring the region to what a file says; twice changes nothing")
    seed.add_argument("file", type=Path)
    commands.add_parser("republish", help="publish every current state again, for readers that lost theirs")
    rotate = commands.add_parser("rotate-key", help="sign with a new key")
    rotate.add_argument(
        "--at-once", action="store_true", help="revoke the others now: one of them was stolen"
    )
    refresh = commands.add_parser("refresh", help="take over what the national directory says of people")
    refresh.add_argument("--staff", default="", metavar="HSA_ID", help="of this person only")
    verify = commands.add_parser("verify", help="walk the access log's chain")
    verify.add_argument(
        "--anchor", type=_anchor, metavar="NUMBER:HASH", help="an end that was noted earlier, elsewhere"
    )
    return {
        "bootstrap": _bootstrap,
        "publish-terms": _publish_terms,
        "seed": _seed,
        "republish": _republish,
        "rotate-key": _rotate_key,
        "refresh": _refresh,
        "verify": _verify,
    }


def _bootstrap(settings: AdminSettings, chosen: argparse.Namespace) -> None:
    async def act(database: Database) -> None:
        known = await Directory(database).national_administrators()
        if known and not chosen.again:
            _give_up(
                f"{', '.join(known)} is national administrator already, and can appoint others;"
                " give --again if none of them can sign in"
            )
        command = await first_administrator(
            database,
            staff=chosen.staff,
            name=chosen.name,
            email=chosen.email,
            unit=chosen.unit,
            unit_name=chosen.unit_name,
            region=chosen.region,
        )
        await perform_as_operator(database, settings, command)
        account = command.accounts[0]
        _say(f"{account.key} is national administrator at {account.permissions[0].clinic_id}")

    _run(settings, act)


def _publish_terms(settings: AdminSettings, chosen: argparse.Namespace) -> None:
    async def act(database: Database) -> None:
        wish = NewTerms(text_sv=chosen.swedish.read_text(), text_en=chosen.english.read_text())
        version = await Sessions(database, utc_now).terms_version()
        command = PublishTerms(actor=OPERATOR, expected_version=version, wish=wish)
        await perform_as_operator(database, settings, command)
        _say(f"version {version + 1} of the terms is published")

    _run(settings, act)


def _seed(settings: AdminSettings, chosen: argparse.Namespace) -> None:
    async def act(database: Database) -> None:
        region = RegionFile.model_validate_json(chosen.file.read_bytes())
        command, shown = region.command(PortalSecrets(settings.master_key()), settings.environment)
        for part in command.in_parts():
            answer = await perform_as_operator(database, settings, part)
            _say(
                f"{region.region}: {len(answer['changed'])} changed"
                + "".join(f"\n  {id_}" for id_ in answer["changed"])
            )
            for portal_id in answer["new_portals"]:
                _say(f"the secret of {portal_id}, shown this once: {shown[portal_id]}")

    _run(settings, act)


def _republish(settings: AdminSettings, _: argparse.Namespace) -> None:
    async def act(database: Database) -> None:
        _say(f"{await Republishing(database, utc_now).run()} states are published again")

    _run(settings, act)


def _rotate_key(settings: AdminSettings, chosen: argparse.Namespace) -> None:
    async def act(database: Database) -> None:
        keys = SigningKeys(database, settings.master_key(), utc_now)
        key_id = await keys.rotate(at_once=chosen.at_once)
        _say(
            f"{key_id} signs {'from now on; all others are revoked' if chosen.at_once else 'in half a minute'}"
        )

    _run(settings, act)


def _refresh(settings: AdminSettings, chosen: argparse.Namespace) -> None:
    async def act(database: Database) -> None:
        if settings.national_directory is None:
            raise Refused(NO_DIRECTORY)
        directory, by_operator = (
            DirectoryFile(settings.national_directory),
            partial(perform_as_operator, database, settings),
        )
        if chosen.staff:
            entries = tuple(await directory.find([chosen.staff.strip().upper()]))
            if not entries:
                raise Refused(NOT_IN_DIRECTORY)
            changed = await by_operator(LearnEntries(entries=entries))
        else:
            changed = await Upkeep(database, utc_now, by_operator).refresh(directory)
        _say(f"{changed} accounts are different now")

    _run(settings, act)


def _verify(settings: AdminSettings, chosen: argparse.Namespace) -> None:
    async def act() -> None:
        connection = await connect(settings.database_url.get_secret_value())
        try:
            end, wrong = await walk(connection, chosen.anchor)
        finally:
            await connection.close()
        if wrong:
            _give_up(f"the access log is broken: {wrong}")
        noted = f"{end.number}:{end.hash.hex()}"
        _say(f"the access log is whole: {end.number} entries; note its end elsewhere: {noted}")

    _in_words(act)


def _anchor(text: str) -> Head:
    number, _, hash_ = text.partition(":")
    return Head(int(number), bytes.fromhex(hash_))


def _run(settings: AdminSettings, act: Callable[[Database], Any]) -> None:
    """Open the database, act, close it."""

    set_up_logs("admin", "WARNING")

    async def run() -> None:
        database = Database(settings.database_url.get_secret_value(), name="admin-operator")
        await database.open()
        try:
            await act(database)
        finally:
            await database.close()

    _in_words(run)


def _in_words(act: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run it; what it refuses, or can't reach, is said in a sentence, and the exit code is 1."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    try:
        asyncio.run(act())
    except ValidationError as error:
        faults = error.errors(include_input=False, include_url=False)
        _give_up(*(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in faults))
    except Refused as refusal:
        _give_up(*(f"{fault.field}: {fault.en}" for fault in refusal.faults))
    except (Transient, OSError) as error:
        _give_up(str(error))


def _give_up(*reasons: str) -> NoReturn:
    for reason in reasons:
        sys.stderr.write(f"admin: {reason}\n")
    raise SystemExit(1)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
