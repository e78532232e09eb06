"""How an actor stands to a case: the group that found it, and cases that are only counted."""

from collections.abc import Callable

import pytest

from huakai.cases.models import Case
from huakai.cases.queries import facts
from huakai.cases.types import Who
from huakai.registry.types import Actor
from tests.cast import COMMUNITY

AREA_HATS = {Who.DISPATCHER, Who.AREA_STAFF, Who.SUPERVISOR}
GROUP = "370402S01"


def case(**changes: object) -> Case:
    """A case of a community, opened by nobody of the cast."""
    return Case(
        **({"area_code": COMMUNITY, "stage": "start", "status": "open", "lead_unit_code": ""} | changes)
    )


def hats(found: Case, actor: Actor) -> frozenset[Who]:
    return facts.facts_of(found, (), actor).who


def of_unit(*prefixes: str) -> Actor:
    """Somebody who moves cases under these codes."""
    return Actor(person_id=None, account_id=None, display="", permissions={"case.move": prefixes})


@pytest.mark.parametrize(
    ("prefix", "is_finder"),
    [(GROUP, True), ("370402S", True), ("370402S02", False), ("370402", False), (COMMUNITY, False)],
)
def test_the_group_that_found_it_is_the_group_and_not_the_place_it_belongs_to(
    prefix: str, is_finder: bool
) -> None:
    assert (Who.FINDER in hats(case(found_by_code=GROUP), of_unit(prefix))) is is_finder


@pytest.mark.parametrize(("prefix", "is_finder"), [(COMMUNITY, True), ("370402", False)])
def test_what_a_community_found_is_checked_by_the_community(prefix: str, is_finder: bool) -> None:
    assert (Who.FINDER in hats(case(found_by_code=COMMUNITY), of_unit(prefix))) is is_finder


def test_nobody_found_what_names_no_group() -> None:
    assert Who.FINDER not in hats(case(), of_unit(COMMUNITY))


def test_who_may_only_count_restricted_cases_moves_none(actor: Callable[[str], Actor]) -> None:
    closed_off, plain = case(restricted=True), case()
    assert hats(plain, actor("centre_staff")) & AREA_HATS == AREA_HATS
    assert not hats(closed_off, actor("centre_staff")) & AREA_HATS
    assert hats(closed_off, actor("station_staff")) & AREA_HATS == AREA_HATS - {Who.SUPERVISOR}
    assert not hats(closed_off, actor("neighbour_staff")) & AREA_HATS
