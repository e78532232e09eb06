"""济宁高新区: referrals to a lender add up (JN-08); what an evening cannot solve comes back to a later one (JN-09)."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

import pytest

from huakai.cases.models import Case
from huakai.kernel.clock import CHINA, FixedClock
from huakai.packs.types import EditionView
from tests.factories.places_b import Place, Refused, standing

ROOT, PARK, BANK, OTHER_BANK = "370871", "370871100", "370871G01", "370871G02"
COMMUNITY, ESTATE, OTHER_COMMUNITY = "370871001001", "37087100100151", "370871001002"
GRANTS = ("120", "85.5", "44.5", "150", "50")
"""Amounts of the single loans are ours; the seed prints their sum, 450万元."""


@pytest.fixture
def place(shizhong: EditionView, clock: FixedClock) -> Iterator[Place]:
    with standing("jining_gaoxin", clock) as made:
        yield made


def examined(place: Place) -> UUID:
    """A firm's application, referred to the bank and accepted there."""
    desk, bank = place.who("centre_staff", ROOT), place.who("dept_handler", BANK)
    case_id = place.call(
        desk, PARK, "start_up_loan", "想申请创业担保贷款", caller="enterprise", channel="counter"
    )
    place.move(desk, case_id, "refer", unit_code=BANK)
    place.move(bank, case_id, "accept")
    return case_id


def granted(place: Place, amount: str) -> UUID:
    """A loan paid out and its subsidy recorded."""
    case_id, bank = examined(place), place.who("dept_handler", BANK)
    given = [{"code": "granted", "amount": amount}]
    place.move(bank, case_id, "grant", outcome="granted", quantities=given, result="已放款")
    place.move(place.who("centre_staff", ROOT), case_id, "record", answers={"subsidy": "given"})
    return case_id


@pytest.mark.row("JN-08")
def test_referrals_closed_as_granted_add_up_to_450(place: Place) -> None:
    desk, bank = place.who("centre_staff", ROOT), place.who("dept_handler", BANK)
    loans = [granted(place, amount) for amount in GRANTS]
    refused = examined(place)
    place.move(bank, refused, "refuse", outcome="refused", result="征信不符合要求")
    examined(place)  # still with the bank
    assert set(desk.view("start_up_loan", "granted")) == set(loans)
    totals = desk.totals("start_up_loan")
    assert [(t["amount"], t["mark"], t["measure"], t["cases"]) for t in totals] == [
        ("450.0000", "", "万元", 5)
    ]
    counts = desk.api("get", "/panel?flow=start_up_loan&by=flow").json()["total"]
    assert (counts["collected"], counts["closed"], counts["solved"], counts["open"]) == (7, 6, 5, 1)


@pytest.mark.row("JN-08")
def test_a_grant_names_its_amount_and_is_the_referred_banks_to_make(place: Place) -> None:
    case_id, bank = examined(place), place.who("dept_handler", BANK)
    with pytest.raises(Refused, match="放款金额"):
        place.move(bank, case_id, "grant", outcome="granted", result="已放款")
    for wrong in ("0", "-5", "1.00001"):
        given = [{"code": "granted", "amount": wrong}]
        with pytest.raises(Refused):
            place.move(bank, case_id, "grant", outcome="granted", quantities=given, result="已放款")
    other = place.who("dept_handler", OTHER_BANK)
    assert other.api("get", f"/cases/{case_id}").status_code == 404
    assert Case.objects.get(pk=case_id).status == "open"


@pytest.mark.row("JN-09")
def test_a_problem_parked_in_the_ledger_stands_on_the_next_evenings_agenda(
    place: Place, clock: FixedClock
) -> None:
    """Two problems on the evening of 10 March: one is given a way, one goes into the ledger until 24 March, 19:00."""
    head, council = place.who("reporter", ESTATE), place.who("station_staff", COMMUNITY)
    bikes = place.call(head, ESTATE, "estate", "没有地方停电动车")
    lift = place.call(head, ESTATE, "estate", "老楼想装电梯")
    clock.at = datetime(2026, 3, 10, 19, 0, tzinfo=CHINA)
    assert set(council.view("evening_talk", "agenda")) == {bikes, lift}
    place.move(council, bikes, "solve", result="在1号楼西侧划线，下周装充电桩")
    next_evening = datetime(2026, 3, 24, 19, 0, tzinfo=CHINA)
    place.move(council, lift, "park", reason="要先问齐全楼住户", review_at=next_evening)
    assert council.view("evening_talk", "agenda") == []
    assert council.view("evening_talk", "ledger") == [lift]
    assert Case.objects.get(pk=lift).status == "parked", "neither open nor closed"

    clock.at = datetime(2026, 3, 17, 19, 0, tzinfo=CHINA)
    assert council.view("evening_talk", "agenda_again") == [], "not this evening"
    clock.at = next_evening
    assert council.view("evening_talk", "agenda_again") == [lift], "by itself"
    assert place.who("station_staff", OTHER_COMMUNITY).view("evening_talk", "agenda_again") == []
    place.move(council, lift, "talk_again")
    assert council.view("evening_talk", "agenda") == [lift]
    place.move(council, lift, "solve", result="两户补签，报街道备案")
    place.move(council, lift, "finish", result="电梯开工")
    case = Case.objects.get(pk=lift)
    assert (case.status, case.review_at) == ("closed", None)


@pytest.mark.row("JN-09")
def test_the_ledger_needs_a_reason_and_an_evening_still_to_come(place: Place, clock: FixedClock) -> None:
    council = place.who("station_staff", COMMUNITY)
    case_id = place.call(place.who("reporter", ESTATE), ESTATE, "estate", "停车难")
    later = datetime(2026, 3, 24, 19, 0, tzinfo=CHINA)
    for given in ({"review_at": later}, {"reason": "没钱"}, {"reason": "没钱", "review_at": clock.at}):
        with pytest.raises(Refused):
            place.move(council, case_id, "park", **given)
        assert Case.objects.get(pk=case_id).stage == "raised"
