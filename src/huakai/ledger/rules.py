"""Pure arithmetic of the ledger: what a credit is worth, and that legs cancel out."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from huakai.ledger.definitions import TariffItem
from huakai.ledger.types import Credit, Kind, Owner, OwnerKind

SYSTEM = Owner(OwnerKind.SYSTEM, UUID(int=0))
Legs = Mapping[tuple[Owner, Kind], int]


def points_of(minutes: int, item: TariffItem) -> int:
    """Whole points for minutes served; the remainder below a point is dropped, never rounded up."""
    return minutes * item.points_per_hour // 60


def legs_of(credits: Iterable[Credit], item: TariffItem) -> dict[tuple[Owner, Kind], int]:
    """Signed amounts per account; for each kind they sum to zero (double entry)."""
    legs: dict[tuple[Owner, Kind], int] = {}
    for credit in credits:
        worth = {
            Kind.MINUTES: credit.minutes * item.minutes_per_minute,
            Kind.POINTS: points_of(credit.minutes, item),
        }
        for kind, amount in worth.items():
            if amount:
                legs[credit.owner, kind] = legs.get((credit.owner, kind), 0) + amount
                legs[SYSTEM, kind] = legs.get((SYSTEM, kind), 0) - amount
    return legs
