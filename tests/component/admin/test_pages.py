"""Pages of people and clinics, read without any lock: everybody once, in the order of the ids."""

from services.admin.adapters.directory import Directory
from services.admin.application.accounts.wishes import NewAccount, RolesAt
from services.admin.application.seed import OPERATOR, ClinicSeed, SeedRegion
from services.admin.entrypoints.performing import perform
from shared.contracts.events.admin import Role
from shared.database.pool import Database
from shared.messaging.runner import BatchRunner

NORTH, SOUTH, WEST = "SE2321000016-NORTH", "SE2321000016-SOUTH", "SE2321000016-WEST"


def person(number: int, *clinics: str) -> NewAccount:
    parts = tuple(RolesAt(clinic_id=id_, roles=frozenset({Role.CAREGIVER})) for id_ in clinics)
    return NewAccount(staff_id=f"SE2321000016-N{number}", name=f"Nr {number}", permissions=parts)


async def test_whoever_is_at_several_clinics_stands_once_on_their_pages(
    runner: BatchRunner, database: Database
) -> None:
    clinics = tuple(ClinicSeed(clinic_id=id_, name=id_) for id_ in (NORTH, SOUTH, WEST))
    people = (person(1, NORTH), person(2, WEST), person(3, NORTH, SOUTH), person(4, SOUTH), person(5, NORTH))
    await perform(runner, SeedRegion(region="r", clinics=clinics, accounts=people), OPERATOR)
    directory = Directory(database)

    async def page(after: str, *at: str) -> list[str]:
        return [account.id[-2:] for account in await directory.accounts(frozenset(at), after, 3)]

    assert await page("", NORTH, SOUTH) == ["N1", "N3", "N4"]
    assert await page("SE2321000016-N4", NORTH, SOUTH) == ["N5"]
    assert await page("", WEST) == ["N2"]
    assert await page("", "SE2321000016-NOWHERE") == []
    assert [clinic.id for clinic in await directory.clinics(NORTH, 2)] == [SOUTH, WEST]
    assert await directory.clinic("SE2321000016-NOWHERE") is None
