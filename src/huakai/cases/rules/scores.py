"""Ratings put together, and minutes credited."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from huakai.cases.definitions import Rater, Service


def combined_score(stars: dict[str, list[int]], raters: Iterable[Rater]) -> Decimal | None:
    """Weighted mean of the roles that rated (PC-02), two decimals half-up; absent roles drop out, not zero.

    Several ratings of one role are averaged first. None when nobody rated.
    """
    total, weights = Decimal(0), 0
    for rater in raters:
        given = stars.get(rater.role)
        if given:
            total += Decimal(sum(given)) / len(given) * rater.weight
            weights += rater.weight
    if weights == 0:
        return None
    return (total / weights).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def minutes_credited(served: int, service: Service | None) -> int:
    """Minutes the ledger gets: as served, capped by the service's maximum; travel is not part of it."""
    return min(served, service.max_minutes) if service else served
