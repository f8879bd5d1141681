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
    again = empty.operate("bootstrap", *person, *unit)

    assert (
        made.stdout == again.stdout == "SE2321000016-FIRST is national administrator at SE2321000016-0001\n"
    )


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
