"""The operator's commands: what they do, and that they say in a sentence what they can't."""

from pathlib import Path

from deploy.local.choose import Infrastructure
from tests.component.admin.running import DEMO, Admin


async def test_the_first_administrator_comes_from_the_operator(
    infrastructure: Infrastructure, database_name: str, tmp_path: Path
) -> None:
    empty = Admin(infrastructure, database_name, tmp_path / "log")
    person = ("--staff", "se2321000016-first", "--name", "Första Förstasson")
    unit = ("--unit", "SE2321000016-0001", "--unit-name", "Regionens enhet")

    made = empty.operate("bootstrap", *person, *unit)
    again = empty.operate("bootstrap", "--staff", "SE2321000016-SECOND", "--name", "Andra", *unit)
    forced = empty.operate("bootstrap", *person, *unit, "--again")

    assert (
        made.stdout == forced.stdout == "SE2321000016-FIRST is national administrator at SE2321000016-0001\n"
    )
    assert (again.returncode, again.stdout) == (1, "")
    assert "SE2321000016-FIRST is national administrator already" in again.stderr


async def test_what_can_t_be_done_is_said_in_a_sentence(
    infrastructure: Infrastructure, database_name: str, tmp_path: Path
) -> None:
    empty = Admin(infrastructure, database_name, tmp_path / "log")
    broken = tmp_path / "broken.json"
    broken.write_text('{"region": "X", "clinics": [{"clinic_id": "nonsense", "name": "X"}]}')

    for arguments, changed, sentence in (
        (("seed", DEMO), {"VARDVAXEL_ENVIRONMENT": "production"}, "in development only"),
        (("seed", str(broken)), {}, "clinics.0.clinic_id: String should match pattern"),
        (("seed", "nowhere.json"), {}, "No such file"),
        (("verify",), {"VARDVAXEL_DATABASE_URL": "postgresql://127.0.0.1:1/admin"}, "database: "),
    ):
        answer = empty.operate(*arguments, **changed)
        assert (answer.returncode, answer.stdout) == (1, "")
        assert sentence in answer.stderr
        assert "Traceback" not in answer.stderr


async def test_the_operator_publishes_the_terms(
    infrastructure: Infrastructure, database_name: str, tmp_path: Path
) -> None:
    empty = Admin(infrastructure, database_name, tmp_path / "log")
    swedish, english = tmp_path / "sv.txt", tmp_path / "en.txt"
    swedish.write_text("Villkor")
    english.write_text("Terms")

    said = [empty.operate("publish-terms", str(swedish), str(english)).stdout for _ in range(2)]

    assert said == [f"version {n} of the terms is published\n" for n in (1, 2)]
