"""The words of publishing: a screen, and what stands on a wall."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from huakai.evaluation.types import BoardUnit, Listing

COUNTERS = frozenset(
    {
        "collected", "closed", "open", "today", "month", "closed_today", "overdue", "rated", "pleased",
        "volunteers", "teams", "minutes", "hours", "rate",
    }
)  # fmt: skip
"""What the live counters can show; `hours` is whole hours served, `rate` the share closed in percent."""


class Mark(StrEnum):
    """A cell of the matrix."""

    RED = "red"
    YELLOW = "yellow"
    ABSENT = "absent"
    NONE = "none"
    OUTSIDE = "outside"


@dataclass(frozen=True)
class ScreenRow:
    """A screen as the desk lists it."""

    id: UUID
    label: str
    kind: str
    wall: str
    area_code: str
    created_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True)
class NewScreen:
    """What making a screen takes: a name for people, and the wall of the pack."""

    label: str
    wall: str


@dataclass(frozen=True)
class MatrixHead:
    """A column of the matrix; `lit` when the scene is about it."""

    no: str
    title: str
    lit: bool


@dataclass(frozen=True)
class MatrixCell:
    """One unit in one item."""

    mark: Mark
    lit: bool


@dataclass(frozen=True)
class MatrixRow:
    """A unit's marks, and how many of each on the whole board."""

    unit: BoardUnit
    cells: tuple[MatrixCell, ...]
    red: int
    yellow: int


@dataclass(frozen=True)
class Scene:
    """What the wall shows at a time: some items of a section, their two lists, the section's matrix."""

    title: str
    red: Listing
    yellow: Listing
    heads: tuple[MatrixHead, ...]
    rows: tuple[MatrixRow, ...]


@dataclass(frozen=True)
class BoardWall:
    """A published board as a wall shows it."""

    title: str
    period: str
    source_line: str
    scenes: tuple[Scene, ...]
    seconds: int


@dataclass(frozen=True)
class LiveTile:
    """A counter on the wall."""

    key: str
    title: str
    measure: str
    value: str


@dataclass(frozen=True)
class LiveWall:
    """Live counters as first painted; the stream keeps them moving."""

    title: str
    area_name: str
    tiles: tuple[LiveTile, ...]
    seconds: int
