"""What every import tells its user: counts, and row by row what is wrong. Shared by all importing engines."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ImportLine:
    """A reason why a line of the file is not accepted; `field` is the column's title as the file has it."""

    line: int
    field: str
    reason: str


@dataclass(frozen=True)
class ImportReport:
    """The outcome of one file. Any problem means that nothing was written."""

    kind: str
    rows: int
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    problems: tuple[ImportLine, ...] = ()
    dry_run: bool = False

    @property
    def accepted(self) -> bool:
        """No line was refused."""
        return not self.problems
