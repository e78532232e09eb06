"""Who may what: roles add up, subtrees end at their neighbours, pages hold to what they declare."""

from collections.abc import Callable

from huakai.registry.types import Actor
from tests import cast as people


def test_a_station_may_dispatch_in_its_community_and_nowhere_else(actor: Callable[[str], Actor]) -> None:
    staff = actor("station_staff")
    assert staff.may("case.dispatch", people.COMMUNITY)
    assert not staff.may("case.dispatch", people.OTHER_COMMUNITY)
    assert not staff.may("case.dispatch", people.STREET)
