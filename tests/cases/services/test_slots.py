"""Booked-out visits: what counts against the limit of a time, and what does not."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from huakai.cases.models import Case
from huakai.kernel.errors import RuleBroken
from huakai.registry.types import Actor
from tests.cast import OTHER_COMMUNITY
from tests.factories.cases import move, open_one

Who = Callable[[str], Actor]
DAY = timedelta(days=1)


def test_a_time_takes_as_many_visits_as_the_pack_says_in_one_area(actor: Who, now: datetime) -> None:
    by, slot = actor("resident"), now + DAY
    for key in ("a", "b", "c"):
        open_one(by, now, key, wanted_at=slot)
    with pytest.raises(RuleBroken, match="约满") as refused:
        open_one(by, now, "d", wanted_at=slot)
    assert (refused.value.code, refused.value.field) == ("visit_full", "wanted_at")
    open_one(by, now, "elsewhere", wanted_at=slot, area_code=OTHER_COMMUNITY)
    open_one(by, now, "later", wanted_at=slot + timedelta(hours=6))
    open_one(by, now, "no time")
    assert Case.objects.count() == 6


def test_a_cancelled_order_gives_its_visit_back(actor: Who, now: datetime) -> None:
    by, slot = actor("resident"), now + DAY
    first, _, _ = [open_one(by, now, key, wanted_at=slot) for key in ("a", "b", "c")]
    move(first, "cancel", by, now, reason="家里有人了")
    assert open_one(by, now, "d", wanted_at=slot)


def test_before_the_first_time_of_a_day_nothing_is_limited(actor: Who, now: datetime) -> None:
    early = now + DAY - timedelta(hours=3)
    for key in ("a", "b", "c", "d"):
        assert open_one(actor("resident"), now, key, wanted_at=early)
