"""A contract for import-linter that names what may be imported directly: whatever it does not name is forbidden.

import-linter's own `forbidden` needs every wrong package listed, so the next one to be installed would slip through.
"""

import sys
from collections.abc import Iterator

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output
from importlinter.domain.helpers import module_expressions_to_modules

ANYTHING = "*"


class OnlyContract(Contract):
    """Options:

    source_modules      packages to watch, `*` for one part of a name; none need exist
    allowed_modules     our own packages that these may import, beside themselves
    allowed_external    installed packages that these may import; `*` for all. The standard library always may be
    """

    type_name = "only"

    source_modules = fields.SetField(subfield=fields.ModuleExpressionField())
    allowed_modules = fields.SetField(subfield=fields.StringField())
    allowed_external = fields.SetField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Look at every direct import of every module in the source packages."""
        wrong = sorted(
            (importer, imported)
            for source in module_expressions_to_modules(graph, self.source_modules)  # type: ignore[arg-type]
            for importer, imported in _imports_of(graph, source.name)
            if not self._may_import(source.name, imported)
        )
        return ContractCheck(kept=not wrong, metadata={"wrong": wrong})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """One line per import that is not allowed."""
        for importer, imported in check.metadata["wrong"]:
            output.print_error(f"- {importer} may not import {imported}", bold=False)
        output.new_line()

    def _may_import(self, source: str, imported: str) -> bool:
        root = imported.partition(".")[0]
        if root in self.session_options["root_packages"]:
            allowed: set[str] = self.allowed_modules  # type: ignore[assignment]
            return any(_is_in(imported, package) for package in (source, *allowed))
        external: set[str] = self.allowed_external or set()  # type: ignore[assignment, truthy-bool]
        return root in sys.stdlib_module_names or ANYTHING in external or root in external


def _imports_of(graph: ImportGraph, package: str) -> Iterator[tuple[str, str]]:
    for importer in {package, *graph.find_descendants(package)}:
        for imported in graph.find_modules_directly_imported_by(importer):
            yield importer, imported


def _is_in(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")
