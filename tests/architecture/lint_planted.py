"""Run import-linter once per planting, in a process of its own whose own imports can't hide the copies.

Usage: python -m tests.architecture.lint_planted CONFIG COPY < PLANTINGS > BROKEN

COPY is a folder with copies of the source packages. PLANTINGS is a JSON list; each item maps new files to their
text. BROKEN is a JSON list with the ids of the contracts that each planting broke.
"""

import contextlib
import io
import json
import sys
from pathlib import Path

from importlinter import configuration
from importlinter.application import use_cases
from importlinter.application.user_options import UserOptions


def broken_by(planting: dict[str, str], copy: Path, options: UserOptions) -> list[str]:
    """Plant the files, look, and take them away again. A package that is missing on the way is made."""
    planted: list[Path] = []
    try:
        for name, text in planting.items():
            _plant(copy / name, text, copy, planted)
        report = use_cases.create_report(options, cache_dir=None)
    finally:
        for path in reversed(planted):
            if path.is_dir():
                path.rmdir()
            else:
                path.unlink()
    if report.could_not_run:
        raise ValueError(f"invalid contract options: {report.invalid_contract_options}")
    ids = {contract["name"]: contract["id"] for contract in options.contracts_options}
    return [ids[contract.name] for contract, check in report.get_contracts_and_checks() if not check.kept]


def _plant(path: Path, text: str, copy: Path, planted: list[Path]) -> None:
    for package in reversed(path.relative_to(copy).parents[:-1]):
        folder, init = copy / package, copy / package / "__init__.py"
        if not folder.exists():
            folder.mkdir()
            planted.append(folder)
        if not init.exists():
            init.touch()
            planted.append(init)
    if path.exists():
        raise FileExistsError(f"{path} is there already: plant under another name")
    path.write_text(text)
    planted.append(path)


def main() -> None:
    """The command line."""
    config, copy = sys.argv[1], Path(sys.argv[2])
    sys.path.insert(0, str(copy))
    configuration.configure()
    options = use_cases.read_user_options(config)
    use_cases._register_contract_types(options)  # as `lint-imports` does before it looks
    with contextlib.redirect_stdout(io.StringIO()):  # import-linter draws its progress there
        verdicts = [broken_by(planting, copy, options) for planting in json.load(sys.stdin)]
    print(json.dumps(verdicts))


if __name__ == "__main__":
    main()
