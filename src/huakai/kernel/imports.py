"""What every import tells its user: counts, and row by row what is wrong. Shared by all importing engines."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Progress = Callable[[int, int], None]
Report = Callable[..., "ImportReport"]


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


@dataclass(frozen=True)
class Column:
    """A column an importer reads; files may name it by code or by either title."""

    code: str
    title: str
    title_en: str
    required: bool = False
    hint: str = ""


@dataclass(frozen=True)
class Table:
    """A sheet as text: column codes found, and each row with its line number in the file."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, Mapping[str, str]], ...]


@dataclass(frozen=True)
class Importer:
    """One kind of office file. `run` takes keyword arguments: `table` (or `data` and `name` when `whole_file`),
    `dry_run`, `by`, `now`, `progress`. Any problem means that nothing was written."""

    kind: str
    title: str
    title_en: str
    run: Report
    columns: tuple[Column, ...] = ()
    whole_file: bool = False
    order: int = 100
    accept: str = ".xlsx,.csv"
    """Endings of the files it reads, as a browser's file field takes them."""
    hint: str = ""
    """What such a file is, when it is no sheet."""


_importers: dict[str, Importer] = {}


def register_importer(importer: Importer) -> None:
    """Called at the bottom of an engine's `imports.py`; the same kind twice replaces the earlier one."""
    _importers[importer.kind] = importer


def importers() -> Mapping[str, Importer]:
    """Every kind of file the platform takes, in the order an office needs them."""
    return dict(sorted(_importers.items(), key=lambda item: (item[1].order, item[0])))


def problem(line: int, field: str, reason: str, /, **params: Any) -> ImportLine:
    """A refused line; `reason` is a sentence in the reader's language with {named} places."""
    return ImportLine(line, field, reason.format(**params) if params else reason)
