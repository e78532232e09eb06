"""合阳: street-light work orders whose totals read 41盏, 10盏, 50余米, 46台, 5台 (HY-02)."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from huakai.cases.models import Case
from huakai.kernel.clock import FixedClock
from huakai.packs.types import EditionView
from tests.factories.places_b import Place, Refused, standing

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


def amounts(*lines: tuple[str, str, str]) -> list[dict[str, str]]:
    """As the machine door takes them."""
    return [{"code": code, "amount": amount, "mark": mark} for code, amount, mark in lines]


def read(totals: list[dict[str, Any]]) -> list[str]:
    """Totals as a bulletin prints them."""
    return [f"{Decimal(t['amount']).normalize():f}{t['mark']}{t['measure']}" for t in totals]


@pytest.mark.row("HY-02")
def test_the_totals_read_as_printed_and_are_never_added_together(place: Place) -> None:
    bureau = place.who("dept_handler", URBAN)
    for lines in DONE:
        place.move(bureau, in_repair(place), "finish", result="修好", quantities=amounts(*lines))
    totals = place.who("centre_staff", ROOT).totals("street_light")
    assert read(totals) == ["41盏", "10盏", "50余米", "46台", "5台"]
    assert [t["code"] for t in totals] == ["lamps", "poles", "cable", "dusted", "bases"]
    assert [t["cases"] for t in totals] == [2, 1, 2, 2, 1]


@pytest.mark.row("HY-02")
def test_a_work_order_is_not_done_before_something_is_counted(place: Place) -> None:
    case_id, bureau = in_repair(place), place.who("dept_handler", URBAN)
    for wrong in ([], amounts(("lamps", "0", "")), amounts(("lamps", "1.5", "")), amounts(("cars", "2", ""))):
        with pytest.raises(Refused):
            place.move(bureau, case_id, "finish", result="修好", quantities=wrong)
        assert Case.objects.get(pk=case_id).status == "open"
    assert place.who("dept_handler", SCHOOLS).api("get", f"/cases/{case_id}").status_code == 404


@pytest.mark.row("HY-02")
def test_a_town_counts_only_its_own_lamps(place: Place) -> None:
    bureau, case_id = place.who("dept_handler", URBAN), in_repair(place)
    place.move(bureau, case_id, "finish", result="修好", quantities=amounts(("lamps", "3", "")))
    own, other = place.who("street_staff", "610524001"), place.who("street_staff", "610524101")
    assert read(own.totals("street_light")) == ["3盏"]
    assert other.totals("street_light") == []
