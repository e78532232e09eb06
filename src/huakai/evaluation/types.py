"""The words of a board: readings that come in, standings that come out, and the board as it is printed."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID


class Absence(StrEnum):
    """Why a unit has no value. An empty cell is none of these: it is undecided and stops the freeze."""

    MISSING = "missing"
    LATE = "late"
    NOT_APPLICABLE = "not_applicable"


class Colour(StrEnum):
    """The two lists."""

    RED = "red"
    YELLOW = "yellow"


class IssueState(StrEnum):
    """Steps of an issue, in order."""

    COLLECTING = "collecting"
    FROZEN = "frozen"
    APPROVED = "approved"
    PUBLISHED = "published"


class Ruling(StrEnum):
    """What a person may decide about one ranked part of an issue, always with a reason."""

    NO_RED = "no_red"
    NO_YELLOW = "no_yellow"
    OFF_RED = "off_red"
    OFF_YELLOW = "off_yellow"
    ON_YELLOW = "on_yellow"


WHOLE_LIST = frozenset({Ruling.NO_RED, Ruling.NO_YELLOW})
"""Rulings about a list; the others name one unit."""


@dataclass(frozen=True)
class BoardUnit:
    """A unit as the board sees it: `group` is the board's group code, `order` its place inside the group."""

    code: str
    name: str
    group: str
    order: int = 0


@dataclass(frozen=True)
class Source:
    """Where a value came from: file, sheet and line of a workbook; all empty when typed in on a page."""

    file: str = ""
    sheet: str = ""
    line: int | None = None


@dataclass(frozen=True)
class Reading:
    """One reported cell: a value, or the reason why there is none."""

    value: Decimal | None = None
    absence: Absence | None = None
    source: Source = field(default_factory=Source)


@dataclass(frozen=True)
class Cell:
    """The address of a reading: ranked part, component ("" when the part has one value), unit."""

    part: str
    component: str
    unit: str


@dataclass(frozen=True)
class Judgement:
    """A person's decision as the rules take it."""

    part: str
    ruling: Ruling
    unit: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Input:
    """One input of a score, for "why this rank": the value, its weight, the points it became, its source."""

    component: str
    title: str
    title_en: str
    measure: str
    value: Decimal | None
    absence: Absence | None
    weight: Decimal | None
    points: Decimal | None
    source: Source


@dataclass(frozen=True)
class Standing:
    """Where one unit stands in one ranked part. `rank` is the competition rank inside its pool (1 2 2 4)."""

    unit: BoardUnit
    score: Decimal | None
    absence: Absence | None
    rank: int | None
    shared: int
    """How many units of the pool have this rank, itself included."""
    mark: Colour | None
    inputs: tuple[Input, ...]
    undecided: bool = False
    """No value and no reason given: a person must act before the freeze."""


@dataclass(frozen=True)
class Row:
    """A printed line: the units on it, and after the last the number of tied units (0: no note)."""

    units: tuple[BoardUnit, ...]
    tied: int = 0


@dataclass(frozen=True)
class BoardList:
    """A red or yellow list of one part as it is printed."""

    colour: Colour
    rows: tuple[Row, ...]

    @property
    def units(self) -> tuple[BoardUnit, ...]:
        return tuple(unit for row in self.rows for unit in row.units)


@dataclass(frozen=True)
class Part:
    """A ranked part: an item, or one sub-item of it (then `title` is the sub-item's)."""

    code: str
    title: str
    title_en: str
    method: str
    direction: str
    measure: str
    decimals: int
    standings: tuple[Standing, ...]
    red: BoardList | None
    yellow: BoardList | None
    judgements: tuple[Judgement, ...] = ()


@dataclass(frozen=True)
class BoardItem:
    """A numbered item; one nameless part, or several named sub-items."""

    no: str
    code: str
    title: str
    title_en: str
    note: str
    note_en: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Section:
    """A section; item numbers start at 01 in each."""

    code: str
    title: str
    title_en: str
    items: tuple[BoardItem, ...]


@dataclass(frozen=True)
class Trouble:
    """Something a person must settle before the issue can be frozen."""

    code: str
    part: str
    title: str
    title_en: str
    units: tuple[BoardUnit, ...]


@dataclass(frozen=True)
class GroupTitle:
    """A group of units and its printed name."""

    code: str
    title: str
    title_en: str


@dataclass(frozen=True)
class BoardView:
    """A whole board, computed or archived: what the wall, the print view and the reading table show."""

    code: str
    title: str
    title_en: str
    period: str
    source_line: str
    source_line_en: str
    red_title: str
    red_title_en: str
    yellow_title: str
    yellow_title_en: str
    groups: tuple[GroupTitle, ...]
    sections: tuple[Section, ...]
    troubles: tuple[Trouble, ...] = ()

    def parts(self) -> tuple[tuple[Section, BoardItem, Part], ...]:
        """Every ranked part with where it stands, in print order."""
        return tuple((s, i, p) for s in self.sections for i in s.items for p in i.parts)


@dataclass(frozen=True)
class ListedPart:
    """A part that has somebody on the list: sub-item's title ("" for the item itself) and the printed rows."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class ListedItem:
    """A numbered item with its lists of one colour."""

    no: str
    title: str
    note: str
    parts: tuple[ListedPart, ...]


@dataclass(frozen=True)
class ListedSection:
    """A section with somebody on the list."""

    title: str
    items: tuple[ListedItem, ...]


@dataclass(frozen=True)
class Listing:
    """One colour of the board from top to bottom, as the bulletin prints it; empty items left out."""

    colour: Colour
    title: str
    sections: tuple[ListedSection, ...]


@dataclass(frozen=True)
class NewIssue:
    """What opening an issue takes: the board, the printed period, and its days (half-open)."""

    board: str
    period: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Step:
    """A step of an issue that has been taken, by whom and when."""

    state: IssueState
    by: UUID | None
    by_name: str
    at: datetime


@dataclass(frozen=True)
class IssueRow:
    """An issue as lists show it."""

    id: UUID
    board: str
    title: str
    title_en: str
    period: str
    state: IssueState
    area_code: str
    published_at: datetime | None
    content_hash: str


@dataclass(frozen=True)
class IssueCard:
    """An issue as its page shows it: where it stands, who did what, what is still missing."""

    row: IssueRow
    starts_on: date
    ends_on: date
    edition_id: UUID
    edition_number: int
    source_line: str
    steps: tuple[Step, ...]
    reported: int
    """Cells with a value or a stated absence."""
    expected: int
    """Cells that have to be reported."""
    frozen_by: UUID | None


@dataclass(frozen=True)
class SheetCell:
    """A cell of the collection table."""

    component: str
    reading: Reading | None
    expected: bool
    """False: the cell may stay empty (named lists)."""


@dataclass(frozen=True)
class SheetColumn:
    """A column of the collection table."""

    component: str
    title: str
    title_en: str
    measure: str


@dataclass(frozen=True)
class SheetRow:
    """A unit's cells in one part."""

    unit: BoardUnit
    cells: tuple[SheetCell, ...]


@dataclass(frozen=True)
class Sheet:
    """One part of the collection table: its columns, and a row per measured unit."""

    part: str
    no: str
    title: str
    title_en: str
    section: str
    section_en: str
    columns: tuple[SheetColumn, ...]
    rows: tuple[SheetRow, ...]

    @property
    def expected(self) -> int:
        """Cells that have to be reported."""
        return sum(1 for row in self.rows for cell in row.cells if cell.expected)

    @property
    def missing(self) -> int:
        """Cells that have to be reported and are not."""
        return sum(1 for row in self.rows for cell in row.cells if cell.expected and cell.reading is None)


@dataclass(frozen=True)
class UnitEntry:
    """One line of a unit's page: the part, where the unit stands, and on which list."""

    section: str
    section_en: str
    no: str
    title: str
    title_en: str
    part: Part
    standing: Standing
