"""A contract type for import-linter: an engine is entered by its front doors only."""

from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class FrontDoors(Contract):
    """From outside an engine, import only its open rooms; the wiring floor may go anywhere."""

    type_name = "front_doors"
    root: Any = fields.StringField()
    doors: Any = fields.SetField(subfield=fields.StringField())
    extra_doors: Any = fields.SetField(subfield=fields.StringField(), required=False)
    not_engines: Any = fields.SetField(subfield=fields.StringField())
    master_keys: Any = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Every direct import across engines, held against the doors."""
        broken = []
        for importer in sorted(graph.modules):
            for imported in sorted(graph.find_modules_directly_imported_by(importer)):
                if self._is_burglary(importer, imported):
                    broken.append(f"{importer} -> {imported}")
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def _is_burglary(self, importer: str, imported: str) -> bool:
        theirs, ours = imported.split("."), importer.split(".")
        if theirs[0] != self.root or ours[0] != self.root or len(theirs) < 3 or len(ours) < 2:
            return False
        if theirs[1] == ours[1] or theirs[1] in self.not_engines or ours[1] in self.master_keys:
            return False
        extra: set[str] = self.extra_doors or set()
        return theirs[2] not in self.doors and f"{theirs[1]}.{theirs[2]}" not in extra

    def render_broken_contract(self, check: ContractCheck) -> None:
        """One line per import that climbed through a window."""
        for line in check.metadata["broken"]:
            output.print_error(line)
