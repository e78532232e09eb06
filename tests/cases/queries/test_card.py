"""One case read by itself is seen by the same people who see it in a list."""

from collections.abc import Callable
from datetime import datetime

import pytest

from huakai.cases.models import Case
from huakai.cases.queries import rows
from huakai.cases.types import Taker, TakerKind
from huakai.registry.types import Actor
from tests.cast import OTHER_COMMUNITY, Cast
from tests.factories.cases import move, open_one

Who = Callable[[str], Actor]
ROLES = (
    "resident", "neighbour", "volunteer", "team_leader", "street_staff", "station_staff", "neighbour_staff",
    "centre_staff", "stranger",
)  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_a_case_seen_alone_is_a_case_seen_in_the_list(
    role: str, cast: Cast, actor: Who, now: datetime
) -> None:
    open_one(actor("resident"), now, key="waiting")
    open_one(actor("neighbour"), now, key="elsewhere", area_code=OTHER_COMMUNITY)
    taken = open_one(actor("resident"), now, key="taken")
    taker = Taker(TakerKind.PERSON, cast["volunteer"].person_id)
    move(taken, "offer", actor("street_staff"), now, taker=taker)
    move(taken, "accept", actor("volunteer"), now)
    by = actor(role)
    listed = set(rows.visible(by).values_list("pk", flat=True))
    assert {case.pk for case in Case.objects.all() if rows.sees(by, case)} == listed
