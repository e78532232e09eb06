"""Shizhong beside its orders: the three smalls (SZ-22), illegal construction (SZ-31), city supervision (SZ-34)."""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db.models import Sum

from huakai.cases import services
from huakai.cases.models import Case, GroupMember, Quantity
from huakai.cases.types import Quantity as Amount
from huakai.kernel.errors import NotAllowed, RuleBroken
from tests.cast import COMMUNITY, NOW, OTHER_COMMUNITY, STREET
from tests.factories.places import Place, case

VILLAGE, NEXT_VILLAGE = COMMUNITY, OTHER_COMMUNITY
ENFORCEMENT, HOUSING = "370402D20", "370402D02"
GROUPS = tuple(f"370402S0{n}" for n in range(1, 6))
PARTIES = ("赵铁柱", "钱守义")
TALK = {"way": "talk", "record": "双方各让一步", "agreement": "水沟改道，费用平摊"}
PROBLEMS = 261


@pytest.fixture
def shizhong_place(place_of: Callable[[str], Place]) -> Place:
    """The district with its village mediators, enforcement, five supervision groups and its centre."""
    place = place_of("shizhong")
    place.appoint("mediator", "mediator", VILLAGE)
    place.appoint("village", "station_staff", VILLAGE)
    place.appoint("next village", "station_staff", NEXT_VILLAGE)
    place.appoint("town", "street_staff", STREET)
    place.appoint("centre", "centre_staff", "370402")
    place.appoint("leader", "leader", "370402")
    place.join("villager", home=VILLAGE)
    for unit in (ENFORCEMENT, HOUSING):
        place.appoint(unit, "dept_handler", unit)
        place.appoint(f"second of {unit}", "dept_handler", unit)
    for group in GROUPS:
        place.appoint(group, "inspector", group)
        place.appoint(f"second of {group}", "inspector", group)
    return place


def dispute(place: Place, category: str = "small_conflict") -> UUID:
    """Two neighbours and a drain, entered by the village's mediator; the parties in private fields."""
    case_id = place.open(
        "mediator",
        area=VILLAGE,
        category=category,
        requester_id=place.people["villager"].person_id,
        channel="desk",
        title=f"{PARTIES[0]}与{PARTIES[1]}争水沟",
        detail=f"{PARTIES[0]}与{PARTIES[1]}因排水争执",
        answers={"party_a": PARTIES[0], "party_b": PARTIES[1]},
    )
    place.press("mediator", case_id, "take")
    return case_id


@pytest.mark.row("SZ-22")
def test_a_small_conflict_is_opened_mediated_and_settled_at_the_village(shizhong_place: Place) -> None:
    case_id = dispute(shizhong_place)
    with pytest.raises(RuleBroken) as without_record:
        shizhong_place.move("mediator", case_id, "settle", outcome="settled", result="和好了")
    assert without_record.value.field == "answer_way"
    shizhong_place.move("mediator", case_id, "note", answers={"way": "law", "record": "讲了民法典相邻关系"})
    shizhong_place.move("mediator", case_id, "settle", outcome="settled", result="和好了", answers=TALK)
    closed = case(case_id)
    assert (closed.status, closed.outcome, closed.solved) == ("closed", "settled", True)
    assert closed.lead_unit_code == "", "no unit above has touched it"
    assert closed.answers == {"way": "talk"}, "the record and the parties are sealed"


@pytest.mark.row("SZ-22")
def test_the_district_counts_the_three_smalls_and_reads_no_name(shizhong_place: Place) -> None:
    settled = [
        dispute(shizhong_place, kind) for kind in ("small_conflict", "small_conflict", "small_interest")
    ]
    for case_id in settled[:2]:
        shizhong_place.move("mediator", case_id, "settle", outcome="settled", result="和好了", answers=TALK)
    dispute(shizhong_place, "small_hardship")
    for who in ("centre", "leader"):
        client = shizhong_place.client(who)
        panel = client.get("/desk/panel/?by=category").content.decode()
        behind = client.get("/desk/panel/cases/?flow=three_smalls").content.decode()
        assert '<span class="count">4</span>' in behind
        conflicts = client.get("/desk/panel/cases/?category=small_conflict&status=closed").content.decode()
        assert '<span class="count">2</span>' in conflicts
        assert all(title in panel for title in ("小矛盾", "小困难", "小利益"))
        inbox = client.get("/desk/").content.decode()
        searched = client.get(f"/desk/?q={PARTIES[0]}").content.decode()
        for page in (panel, behind, conflicts, inbox):
            assert not any(party in page for party in (*PARTIES, "villager"))
        assert str(settled[0]) not in searched
        assert client.get(f"/desk/cases/{settled[0]}/").status_code == 404


@pytest.mark.row("SZ-22")
def test_only_the_village_and_the_town_above_it_open_a_dispute(shizhong_place: Place) -> None:
    case_id = dispute(shizhong_place)
    for who in ("mediator", "village", "town"):
        assert PARTIES[0] in shizhong_place.pane(who, case_id)
    for who in ("next village", "centre", HOUSING):
        assert shizhong_place.client(who).get(f"/desk/cases/{case_id}/").status_code == 404
        with pytest.raises(RuleBroken):
            shizhong_place.move(who, case_id, "settle", outcome="settled", result="和好了", answers=TALK)
    assert case(case_id).status == "open"


@pytest.mark.row("SZ-22")
def test_what_the_village_cannot_settle_goes_up_to_the_town_and_is_not_counted_as_settled(
    shizhong_place: Place,
) -> None:
    first, second = dispute(shizhong_place), dispute(shizhong_place)
    for case_id in (first, second):
        shizhong_place.press("mediator", case_id, "pass_up", unit=STREET, reason="谈不拢")
        assert case(case_id).stage == "at_town"
    talked = {"way": "law", "record": "到镇里又谈了一次", "agreement": "平摊"}
    shizhong_place.move("town", first, "settle", outcome="settled_above", result="和好了", answers=talked)
    shizhong_place.move("town", second, "hand_on", outcome="passed_up", result="引导走诉讼")
    words = dict(Case.objects.filter(flow="three_smalls").values_list("outcome", "solved"))
    assert words == {"settled_above": True, "passed_up": False}
    panel = shizhong_place.api("centre", "get", "/panel?flow=three_smalls").json()["total"]
    assert (panel["closed"], panel["solved"]) == (2, 1)


def site(place: Place, n: int) -> UUID:
    """An illegal building up to its stop order, with the photo that shows it before."""
    case_id = place.open(
        "centre",
        area=VILLAGE,
        category="illegal_works",
        caller_kind="patrol",
        channel="grid",
        detail=f"违建{n}",
    )
    place.move("centre", case_id, "assign", unit_code=ENFORCEMENT)
    stop: dict[str, Any] = {"answers": {"notice": f"责停〔2026〕{n}号"}, "photos": 1}
    place.move(ENFORCEMENT, case_id, "stop", **stop)
    return case_id


@pytest.mark.row("SZ-31")
def test_totals_of_illegal_construction_are_counted_from_the_cases(shizhong_place: Place) -> None:
    """20余起 stopped or rectified, 18起 demolished, about 5700 square metres: 24, 18 and 5698.5, each from a case."""
    rectified = [site(shizhong_place, n) for n in range(24)]
    for n, case_id in enumerate(rectified):
        word = "stopped" if n < 15 else "rectified"
        shizhong_place.move(ENFORCEMENT, case_id, "rectify", outcome=word, result="停建整改", photos=1)
    demolished = [site(shizhong_place, 100 + n) for n in range(18)]
    for n, case_id in enumerate(demolished):
        decided: dict[str, Any] = {"answers": {"decision": f"强拆〔2026〕{n}号"}, "reason": "逾期不改"}
        shizhong_place.move(ENFORCEMENT, case_id, "force", **decided)
        area = Amount("area", Decimal("316.50") + n * Decimal("0.01"), "约")
        done: dict[str, Any] = {
            "outcome": "demolished",
            "result": "已拆除",
            "quantities": (area,),
            "photos": 1,
        }
        shizhong_place.move(ENFORCEMENT, case_id, "demolish", **done)
    site(shizhong_place, 200)
    panel = shizhong_place.api("centre", "get", "/panel?flow=illegal_construction").json()["total"]
    assert (panel["collected"], panel["closed"], panel["open"]) == (43, 42, 1)
    words = Counter(Case.objects.filter(flow="illegal_construction").values_list("outcome", flat=True))
    assert words["stopped"] + words["rectified"] == 24
    assert words["demolished"] == 18
    measured = Quantity.objects.filter(case__outcome="demolished", code="area")
    assert set(measured.values_list("measure", flat=True)) == {"平方米"}
    total = measured.aggregate(total=Sum("amount"))["total"]
    assert total == Decimal("5698.53")
    assert round(total, -2) == 5700


@pytest.mark.row("SZ-31")
def test_a_demolition_needs_its_decision_its_area_and_a_photo_after_it(shizhong_place: Place) -> None:
    """And what it shows: a photo before (stop order) and one after, beside the decision that allowed it."""
    case_id = site(shizhong_place, 1)
    with pytest.raises(RuleBroken) as undecided:
        shizhong_place.move(ENFORCEMENT, case_id, "force", reason="逾期不改")
    assert undecided.value.field == "answer_decision"
    decided: dict[str, Any] = {"answers": {"decision": "强拆〔2026〕1号"}, "reason": "逾期不改"}
    shizhong_place.move(ENFORCEMENT, case_id, "force", **decided)
    done: dict[str, Any] = {"outcome": "demolished", "result": "已拆除"}
    area = (Amount("area", Decimal(320)),)
    with pytest.raises(RuleBroken) as unmeasured:
        shizhong_place.move(ENFORCEMENT, case_id, "demolish", photos=1, **done)
    assert unmeasured.value.field == "quantity_area"
    with pytest.raises(RuleBroken) as unseen:
        shizhong_place.move(ENFORCEMENT, case_id, "demolish", quantities=area, **done)
    assert unseen.value.field == "photos"
    shizhong_place.move(ENFORCEMENT, case_id, "demolish", quantities=area, photos=1, **done)
    assert case(case_id).photo_count == 2
    assert case(case_id).answers == {"notice": "责停〔2026〕1号", "decision": "强拆〔2026〕1号"}
    with pytest.raises(RuleBroken):
        shizhong_place.move(HOUSING, site(shizhong_place, 2), "force", reason="不是我们的案子")


def problem(place: Place, group: str, n: int, **more: object) -> UUID:
    """What a group found, uploaded with a photo."""
    detail: dict[str, Any] = {
        "category": "check_estate",
        "caller_kind": "inspection",
        "detail": f"小区问题{n}",
    }
    return place.open(group, area=VILLAGE, found_by_code=group, **(detail | more))


@pytest.mark.row("SZ-34")
def test_261_problems_of_five_groups_all_carry_a_unit_and_a_failed_check_is_not_closed(
    shizhong_place: Place,
) -> None:
    found = [problem(shizhong_place, GROUPS[n % 5], n) for n in range(PROBLEMS)]
    for n, case_id in enumerate(found):
        shizhong_place.move("centre", case_id, "assign", unit_code=(HOUSING, ENFORCEMENT)[n % 2])
    units = Case.objects.filter(flow="city_check").values_list("lead_unit_code", "found_by_code")
    assert len(units) == PROBLEMS
    assert all(unit for unit, _group in units)
    assert {group for _unit, group in units} == set(GROUPS)
    passed, failed = found[0], found[2]
    for case_id in (passed, failed):
        shizhong_place.press(HOUSING, case_id, "accept")
        shizhong_place.press(HOUSING, case_id, "rectified", result="清理干净了", photos=1)
    shizhong_place.press(GROUPS[0], passed, "pass")
    shizhong_place.press(GROUPS[2], failed, "fail", reason="还有一处没清")
    panel = shizhong_place.api("centre", "get", "/panel?flow=city_check").json()["total"]
    assert (panel["collected"], panel["assigned"], panel["closed"]) == (PROBLEMS, PROBLEMS, 1)
    again = case(failed)
    assert (again.stage, again.status, again.failed_checks) == ("rectifying", "open", 1)
    shizhong_place.press(HOUSING, failed, "rectified", result="又清了一遍", photos=1)
    shizhong_place.press(f"second of {GROUPS[2]}", failed, "pass")
    panel = shizhong_place.api("centre", "get", "/panel?flow=city_check").json()["total"]
    assert panel["closed"] == 2


@pytest.mark.row("SZ-34")
def test_the_group_that_found_it_checks_again_and_nobody_else(shizhong_place: Place) -> None:
    case_id = problem(shizhong_place, GROUPS[0], 1, photos=1)
    assert case(case_id).photo_count == 1
    shizhong_place.press("centre", case_id, "assign", unit=HOUSING)
    shizhong_place.press(HOUSING, case_id, "accept")
    with pytest.raises(RuleBroken) as unseen:
        shizhong_place.move(HOUSING, case_id, "rectified", result="清理干净了")
    assert unseen.value.field == "photos"
    shizhong_place.press(HOUSING, case_id, "rectified", result="清理干净了", photos=1)
    assert case(case_id).photo_count == 2, "one before, one after"
    for who in (GROUPS[1], HOUSING, f"second of {HOUSING}", "centre"):
        with pytest.raises(RuleBroken):
            shizhong_place.move(who, case_id, "pass")
    assert shizhong_place.client(GROUPS[1]).get(f"/desk/cases/{case_id}/").status_code == 404
    shizhong_place.press(f"second of {GROUPS[0]}", case_id, "pass")
    assert case(case_id).status == "closed"


@pytest.mark.row("SZ-34")
def test_somebody_outside_a_group_cannot_upload_in_its_name(shizhong_place: Place) -> None:
    with pytest.raises(NotAllowed):
        shizhong_place.open(
            GROUPS[1], area=VILLAGE, category="check_estate", detail="问题", found_by_code=GROUPS[0]
        )


@pytest.mark.row("SZ-34")
def test_hard_problems_are_marked_and_grouped_into_a_campaign(shizhong_place: Place) -> None:
    hard = [problem(shizhong_place, GROUPS[0], n) for n in range(3)]
    problem(shizhong_place, GROUPS[0], 9)
    for case_id in hard:
        shizhong_place.move("centre", case_id, "assign", unit_code=HOUSING)
        shizhong_place.move(HOUSING, case_id, "accept")
        marked: dict[str, Any] = {"answers": {"focus": "hard_point"}, "reason": "三次反复"}
        shizhong_place.move("centre", case_id, "focus", **marked)
        assert case(case_id).answers == {"focus": "hard_point"}
        assert case(case_id).stage == "rectifying"
    group = services.NewGroup("campaign", "楼道杂物专项治理", "逐楼清理", "370402")
    campaign = services.group_cases(group=group, case_ids=hard, by=shizhong_place.actor("centre"), now=NOW)
    assert set(GroupMember.objects.filter(group=campaign).values_list("case_id", flat=True)) == set(hard)
