"""What may know what: import-linter finds nothing in the source, and each of its contracts bites."""

import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGES, ROOT

NOTHING = "nothing at all"
PLANTED: dict[str, tuple[set[str], dict[str, str]]] = {
    "a shared part imports a service": (
        {"bird-s-eye"},
        {"shared/planted.py": "import services.intake"},
    ),
    "a shared part imports deployment": (
        {"bird-s-eye"},
        {"shared/database/planted.py": "import deploy.local"},
    ),
    "a service imports deployment": (
        {"bird-s-eye"},
        {"services/notify/adapters/planted.py": "import deploy.local"},
    ),
    "a frontend imports a service": (
        {"bird-s-eye"},
        {"frontends/planted.py": "from services import intake"},
    ),
    "a service imports a frontend": (
        {"bird-s-eye"},
        {"frontends/planted.py": "", "services/admin/entrypoints/planted.py": "import frontends.planted"},
    ),
    "an adapter imports tests": (
        {"no-tests-outside-tests"},
        {"services/intake/adapters/planted.py": "def f() -> None:\n    import tests.architecture.tree"},
    ),
    "a service imports testing tools": (
        {"testing-stays-in-tests"},
        {
            "shared/testing/planted.py": "",
            "services/routing/entrypoints/planted.py": "from shared.testing import planted",
        },
    ),
    "a shared part imports testing tools": (
        {"testing-stays-in-tests"},
        {"shared/testing/planted.py": "", "shared/database/planted.py": "import shared.testing.planted"},
    ),
    "a service imports another": (
        {"independent-services"},
        {
            "services/routing/adapters/planted.py": "",
            "services/intake/adapters/planted.py": "import services.routing.adapters.planted",
        },
    ),
    "the domain imports an adapter": (
        {"layers-of-a-service", "pure-domain"},
        {
            "services/admin/adapters/planted.py": "",
            "services/admin/domain/planted.py": "from services.admin.adapters import planted",
        },
    ),
    "a use case imports an adapter": (
        {"layers-of-a-service"},
        {
            "services/admin/adapters/planted.py": "",
            "services/admin/application/planted.py": "from services.admin.adapters import planted",
        },
    ),
    "an adapter imports an entrypoint": (
        {"layers-of-a-service"},
        {
            "services/notify/entrypoints/planted.py": "",
            "services/notify/adapters/planted.py": "import services.notify.entrypoints.planted",
        },
    ),
    "a part with a name of its own": (
        {"layers-of-a-service"},
        {"services/intake/planted.py": ""},
    ),
    "a fifth service has a part with a name of its own": (
        {"layers-of-a-service"},
        {"services/planted/helpers.py": ""},
    ),
    "the domain imports a database driver": (
        {"pure-domain"},
        {"services/routing/domain/planted.py": "import asyncpg"},
    ),
    "the domain imports machinery": (
        {"pure-domain"},
        {"services/routing/domain/planted.py": "from shared.database import pool"},
    ),
    "the domain imports machinery for type checks alone": (
        {"pure-domain"},
        {
            "services/routing/domain/planted.py": "from typing import TYPE_CHECKING\n"
            "if TYPE_CHECKING:\n    import pydantic"
        },
    ),
    "a use case imports a database driver": (
        {"use-cases-without-machinery"},
        {"services/intake/application/planted.py": "import asyncpg"},
    ),
    "a use case imports a web framework": (
        {"use-cases-without-machinery"},
        {"services/intake/application/planted.py": "from fastapi import HTTPException"},
    ),
    "a contract imports machinery": (
        {"contracts-stand-alone"},
        {"shared/contracts/planted.py": "import shared.database.pool"},
    ),
    "a form imports a contract": (
        {"pure-parts"},
        {"shared/forms/planted.py": "from shared.contracts import ids"},
    ),
    "a form imports an installed package": (
        {"pure-parts"},
        {"shared/forms/planted.py": "import pydantic"},
    ),
    NOTHING: (set(), {}),
    "what is allowed": (
        set(),
        {
            "services/routing/domain/planted.py": "import datetime\nfrom shared.contracts import ids",
            "services/routing/application/planted.py": "import services.routing.domain.planted",
            "services/routing/adapters/planted.py": "import asyncpg\nimport services.routing.application.planted",
            "services/routing/entrypoints/planted.py": "import services.routing.adapters.planted",
        },
    ),
}
"""What is planted → the contracts that must break, and no others."""


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """What each planting broke in a copy of the source."""
    copy = tmp_path_factory.mktemp("source")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, copy / package, ignore=_all_but_python)
    _make_room(copy)
    told = subprocess.run(
        [sys.executable, "-m", "tests.architecture.lint_planted", str(ROOT / "pyproject.toml"), str(copy)],
        cwd=ROOT,
        input=json.dumps([files for _, files in PLANTED.values()]),
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0, told.stderr
    return {case: set(ids) for case, ids in zip(PLANTED, json.loads(told.stdout), strict=True)}


def test_the_source_keeps_every_contract(broken: dict[str, set[str]]) -> None:
    assert not broken[NOTHING], "`lint-imports` shows the imports"


@pytest.mark.parametrize("case", PLANTED)
def test_a_planted_import_breaks_its_contract_and_no_other(case: str, broken: dict[str, set[str]]) -> None:
    expected = PLANTED[case][0]

    assert broken[case] >= expected
    assert broken[case] - expected <= broken[NOTHING]


def test_every_contract_has_a_planting() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    planted = [expected for expected, _ in PLANTED.values()]

    assert set.union(*planted) == {contract["id"] for contract in contracts}


def _all_but_python(folder: str, names: list[str]) -> list[str]:
    return [name for name in names if not name.endswith(".py") and not (Path(folder) / name).is_dir()]


def _make_room(copy: Path) -> None:
    """Packages that the plantings speak of and that the source may not have yet."""
    for package in ("shared/testing", "deploy/local"):
        (copy / package).mkdir(exist_ok=True)
        (copy / package / "__init__.py").touch()
