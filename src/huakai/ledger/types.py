"""The words of the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Kind(StrEnum):
    """What an account counts. Hours, points, banked hours and money never mix (requirements 6, 23)."""

    MINUTES = "minutes"
    POINTS = "points"


class OwnerKind(StrEnum):
    """Whose account it is; `system` is the other side of every credit."""

    PERSON = "person"
    TEAM = "team"
    SYSTEM = "system"


@dataclass(frozen=True)
class Owner:
    """An account holder."""

    kind: OwnerKind
    id: UUID


@dataclass(frozen=True)
class Credit:
    """Minutes to credit to one owner under a tariff item; what they are worth is pack data."""

    owner: Owner
    minutes: int


@dataclass(frozen=True)
class EntryLine:
    """One line of an owner's book."""

    at: datetime
    kind: str
    amount: int
    title: str
    subject_kind: str
    subject_id: str


@dataclass(frozen=True)
class DeedLine:
    """One deed in an owner's book: what it brought of each kind."""

    at: datetime
    title: str
    minutes: int
    points: int
    subject_kind: str
    subject_id: str


@dataclass(frozen=True)
class TariffLine:
    """What one kind of deed is worth, for the reader."""

    title: str
    counts_minutes: bool
    points_per_hour: int


@dataclass(frozen=True)
class Balance:
    """What an owner holds, by kind."""

    amounts: Mapping[Kind, int]

    @property
    def minutes(self) -> int:
        return self.amounts.get(Kind.MINUTES, 0)

    @property
    def points(self) -> int:
        return self.amounts.get(Kind.POINTS, 0)
