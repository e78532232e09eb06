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


class LetterState(StrEnum):
    """Where a letter stands: not tried yet, failed and to be tried again, delivered, given up, set aside."""

    WAITING = "waiting"
    FAILED = "failed"
    SENT = "sent"
    DEAD = "dead"
    SKIPPED = "skipped"


STANDING = (LetterState.WAITING, LetterState.FAILED)
"""Letters still to be sent."""


class Trouble(StrEnum):
    """Why a try failed, when no HTTP status says it."""

    NO_ADDRESS = "no_address"
    INSIDE = "inside"
    NO_CONNECTION = "no_connection"
    TOO_SLOW = "too_slow"
    CERTIFICATE = "certificate"
    BAD_ANSWER = "bad_answer"
    URL = "url"


@dataclass(frozen=True)
class Target:
    """A peer's address in parts; `path` with its query."""

    scheme: str
    host: str
    port: int
    path: str


@dataclass(frozen=True)
class Answer:
    """What became of one try: the HTTP status, or the trouble when there was none."""

    status: int | None = None
    trouble: Trouble | None = None

    @property
    def is_taken(self) -> bool:
        """Did the peer take the letter?"""
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True)
class NewPeer:
    """What adding a peer takes."""

    name: str
    url: str
    area_code: str
    events: tuple[str, ...]


@dataclass(frozen=True)
class PeerRow:
    """A peer as the desk and the API list it; the secret is never shown again."""

    id: UUID
    name: str
    url: str
    area_code: str
    events: tuple[str, ...]
    active: bool
    paused_reason: str
    created_at: datetime
    last_sent_at: datetime | None
    waiting: int
    dead: int
    failing: bool
    """The letter at the head has failed and will be tried again; those behind it wait."""

    @property
    def host(self) -> str:
        """Where it goes, without path and query."""
        return self.url.split("/")[2]


@dataclass(frozen=True)
class LetterRow:
    """A letter as the desk and the API list it."""

    id: UUID
    seq: int
    event_name: str
    subject_id: str
    number: int | None
    """The case's number."""
    state: LetterState
    tries: int
    next_try_at: datetime | None
    last_status: int | None
    trouble: str
    skip_reason: str
    created_at: datetime
    sent_at: datetime | None

    @property
    def message_id(self) -> str:
        """What the peer sees as `webhook-id`."""
        return message_id(self.id)


@dataclass(frozen=True)
class LetterPage:
    """Newest first; `next_before` is the seq the following page begins before, None at the end."""

    rows: tuple[LetterRow, ...]
    next_before: int | None


def message_id(letter_id: UUID) -> str:
    """The `webhook-id` of a letter: the same on every try, so that the peer can tell a repeat."""
    return f"msg_{letter_id.hex}"
