"""合阳: street-light work orders whose totals read 41盏, 10盏, 50余米, 46台, 5台 (HY-02)."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import pytest

from huakai.cases import queries
from huakai.cases.models import Case
from huakai.cases.types import CaseFilter, Quantity
from huakai.kernel.clock import FixedClock
from huakai.kernel.errors import RuleBroken
from huakai.packs.types import EditionView
from tests.factories.places_b import Place, standing

ROOT, COMMUNITY, URBAN, SCHOOLS = "610524", "610524001001", "610524D01", "610524D02"
DONE: tuple[tuple[tuple[str, str, str], ...], ...] = (
    (("lamps", "26", ""), ("poles", "10", "")),
    (("lamps", "15", ""), ("cable", "20", "")),
    (("cable", "30", "余"), ("dusted", "40", "")),
    (("dusted", "6", ""), ("bases", "5", "")),
)
"""How the work was spread over orders is ours; the seed prints the totals."""


@pytest.fixture
def place(shizhong: EditionView, clock: FixedClock) -> Iterator[Place]:
    with standing("heyang", clock) as made:
        yield made


def in_repair(place: Place) -> UUID:
    """A fault reported to the county, given to the urban management bureau and taken up."""
    centre, bureau = place.who("centre_staff", ROOT), place.who("dept_handler", URBAN)
    case_id = place.call(centre, COMMUNITY, "street_light", "晚上路灯不亮", channel="hotline")
    place.move(centre, case_id, "assign", unit_code=URBAN)
    place.move(bureau, case_id, "accept")
    return case_id


def amounts(*lines: tuple[str, str, str]) -> tuple[Quantity, ...]:
    return tuple(Quantity(code, Decimal(amount), mark) for code, amount, mark in lines)


@pytest.mark.row("HY-02")
def test_the_totals_read_as_printed_and_are_never_added_together(place: Place, now: datetime) -> None:
    bureau = place.who("dept_handler", URBAN)
    for lines in DONE:
        place.move(bureau, in_repair(place), "finish", result="修好", quantities=amounts(*lines))
    wanted = CaseFilter(flow="street_light", status="closed")
    totals = queries.quantity_totals(place.who("centre_staff", ROOT).actor, wanted, now=now)
    assert [t.text for t in totals] == ["41盏", "10盏", "50余米", "46台", "5台"]
    assert [t.code for t in totals] == ["lamps", "poles", "cable", "dusted", "bases"]
    assert [t.cases for t in totals] == [2, 1, 2, 2, 1]


@pytest.mark.row("HY-02")
def test_a_work_order_is_not_done_before_something_is_counted(place: Place) -> None:
    case_id, bureau = in_repair(place), place.who("dept_handler", URBAN)
    for wrong in ((), amounts(("lamps", "0", "")), amounts(("lamps", "1.5", "")), amounts(("cars", "2", ""))):
        with pytest.raises(RuleBroken):
            place.move(bureau, case_id, "finish", result="修好", quantities=wrong)
        assert Case.objects.get(pk=case_id).status == "open"
    assert place.who("dept_handler", SCHOOLS).api("get", f"/cases/{case_id}").status_code == 404


@pytest.mark.row("HY-02")
def test_a_town_counts_only_its_own_lamps(place: Place, now: datetime) -> None:
    bureau, case_id = place.who("dept_handler", URBAN), in_repair(place)
    place.move(bureau, case_id, "finish", result="修好", quantities=amounts(("lamps", "3", "")))
    wanted = CaseFilter(flow="street_light")
    own, other = place.who("street_staff", "610524001"), place.who("street_staff", "610524101")
    assert [t.text for t in queries.quantity_totals(own.actor, wanted, now=now)] == ["3盏"]
    assert queries.quantity_totals(other.actor, wanted, now=now) == ()
