"""Two import contracts that import-linter does not have; pyproject.toml says on what they are used.

`only`: a package imports nothing but the standard library, itself, and what is listed: a new dependency is refused
until somebody lists it. `apart`: no procedure imports another, and the names of those to come are listed already.
Both look at direct imports.
"""

import sys
from collections.abc import Iterable
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

Import = tuple[str, str]


class DirectImports(Contract):
    """A contract on single imports: a subclass says which are allowed, and why the others are not."""

    def allows(self, importer: str, imported: str) -> bool:
        """Whether one module may import another directly."""
        raise NotImplementedError

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002  (import-linter's signature)
        """Look at every import of the graph."""
        broken = sorted(one for one in _imports(graph) if not self.allows(*one))
        lines = {one: _lines(graph, one) for one in broken}
        return ContractCheck(kept=not broken, metadata={"broken": lines})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Say each forbidden import with its lines."""
        for (importer, imported), lines in check.metadata["broken"].items():
            output.print_error(f"{importer} is not allowed to import {imported} ({lines})", bold=False)


class Only(DirectImports):
    """`package` imports the standard library, itself and `may_import`, nothing else."""

    package: Any = fields.StringField()
    may_import: Any = fields.ListField(subfield=fields.StringField())

    def allows(self, importer: str, imported: str) -> bool:
        """Whether the module is another package's, or what it imports is listed."""
        allowed = [self.package, *self.may_import]
        return not _is_in(importer, self.package) or _is_standard(imported) or any(_is_in(imported, a) for a in allowed)


class Apart(DirectImports):
    """No module of one of the `procedures` imports a module of another."""

    procedures: Any = fields.ListField(subfield=fields.StringField())

    def allows(self, importer: str, imported: str) -> bool:
        """Whether the two modules are of one procedure, or one of them is of none."""
        ours, theirs = procedure_of(importer, self.procedures), procedure_of(imported, self.procedures)
        return ours is None or theirs is None or ours == theirs


def procedure_of(module: str, procedures: Iterable[str]) -> str | None:
    """The procedure that a module belongs to: `db.queries.complaint_lists` and `api.complaints` are complaint's."""
    return next((name for name in procedures if any(_is_named(part, name) for part in module.split("."))), None)


def _is_named(part: str, procedure: str) -> bool:
    return part in {procedure, f"{procedure}s"} or part.startswith(f"{procedure}_")


def _imports(graph: ImportGraph) -> list[Import]:
    return [
        (importer, imported)
        for importer in graph.modules
        if not graph.is_module_squashed(importer)
        for imported in graph.find_modules_directly_imported_by(importer)
    ]


def _lines(graph: ImportGraph, one: Import) -> str:
    details = graph.get_import_details(importer=one[0], imported=one[1])
    return ", ".join(f"l.{detail['line_number']}" for detail in details)


def _is_in(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def _is_standard(module: str) -> bool:
    return module.partition(".")[0] in sys.stdlib_module_names
