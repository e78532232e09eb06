"""Zhoukou: one set of problems in three lists (ZK-01), and who answers for each (ZK-03)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from huakai.cases import queries, services
from huakai.cases.models import Assignment, Supervision, Visit
from huakai.cases.types import NewOrder
from huakai.kernel.errors import NotAllowed, RuleBroken
from huakai.registry.models import Person
from tests.cast import NOW
from tests.factories.places import Place, case

COMMUNITY, YARD = "411602002001", "411602002001901"
STREET, HOUSING, CITY_MANAGEMENT = "411602002", "4116D05", "4116D06"
LISTS = ("assigned", "supervised", "accounted")
"""交办清单, 督办清单, 追责问责清单."""


@pytest.fixture
def zhoukou(place_of: Callable[[str], Place]) -> Place:
    """The city office that assigns, a collector, two units, a supervisor and the discipline body."""
    place = place_of("zhoukou")
    place.appoint("collector", "grid_worker", COMMUNITY)
    place.appoint("office", "centre_staff", "4116")
    place.appoint("unit", "dept_handler", CITY_MANAGEMENT)
    place.appoint("other unit", "dept_handler", HOUSING)
    place.appoint("supervisor", "supervisor", "4116")
    place.appoint("discipline", "discipline", "4116")
    place.appoint("street", "street_staff", STREET)
    place.appoint("mayor", "leader", "4116")
    return place


def collected(place: Place, detail: str = "占道堆放", **order: str) -> UUID:
    """收集 → 汇集 → 推送 on the desk's pages."""
    wanted: dict[str, Any] = {
        "category": "place_street",
        "caller_kind": "collector",
        "channel": "grid",
    } | order
    case_id = place.open("collector", area=COMMUNITY, detail=detail, **wanted)
    place.press("collector", case_id, "pool")
    place.press("office", case_id, "push")
    return case_id


def assigned(place: Place, unit: str = CITY_MANAGEMENT, **order: str) -> UUID:
    case_id = collected(place, **order)
    place.press("office", case_id, "assign", unit=unit)
    return case_id


def lists(place: Place, case_id: UUID) -> set[str]:
    """Which of the three lists the case stands in, as the office sees them."""
    found = set()
    for name in LISTS:
        query = f"flow=problem_list&status=open&view={name}"
        rows = place.api("office", "get", f"/cases?{query}").json()["rows"]
        if str(case_id) in {row["id"] for row in rows}:
            found.add(name)
    return found


def later(days: int) -> datetime:
    """So many days on, in office hours (10 March 2026 is a Tuesday)."""
    return NOW + timedelta(days=days)


@pytest.mark.row("ZK-01")
def test_an_overdue_problem_climbs_to_supervision_and_stays_in_the_assignment_list(zhoukou: Place) -> None:
    """Collected on Tuesday 10 March, due ten working days later; the ladder follows on its own, a person decides."""
    case_id = assigned(zhoukou)
    zhoukou.press("unit", case_id, "accept")
    assert lists(zhoukou, case_id) == {"assigned"}
    services.climb(now=later(13))
    assert lists(zhoukou, case_id) == {"assigned"}, "not due yet"
    services.climb(now=later(16))
    assert lists(zhoukou, case_id) == {"assigned", "supervised"}
    services.climb(now=later(16))
    order = Supervision.objects.get(case_id=case_id)
    assert (order.kind, order.state, order.ordered_by) == ("supervise", "open", None)
    assert order.unit_code == CITY_MANAGEMENT
    services.climb(now=later(30))
    item = Supervision.objects.get(case_id=case_id, kind="account")
    assert (item.state, item.decided_by) == ("proposed", None), "the ladder proposes, it never decides"
    with pytest.raises(NotAllowed):
        decide(zhoukou, item.id, "office")
    decide(zhoukou, item.id, "discipline")
    assert lists(zhoukou, case_id) == set(LISTS)
    standing = case(case_id)
    assert (standing.stage, standing.status, standing.lead_unit_code) == ("working", "open", CITY_MANAGEMENT)
    zhoukou.move("unit", case_id, "report", result="清理完了", now=later(30))
    zhoukou.move("office", case_id, "sign_off", now=later(30))
    assert case(case_id).status == "closed", "结办 was still to be done, and could be"


def decide(place: Place, supervision_id: UUID, who: str) -> None:
    """A recorded decision with the document it rests on."""
    services.decide_account(
        supervision_id=supervision_id,
        holds=True,
        decision="通报批评，限期整改",
        document="周督〔2026〕7号",
        by=place.actor(who),
        now=later(30),
    )


@pytest.mark.row("ZK-01")
def test_a_supervisor_may_order_supervision_before_anything_is_late(zhoukou: Place) -> None:
    case_id = assigned(zhoukou)
    order: dict[str, Any] = {"case_id": case_id, "reason": "领导关注", "due_at": later(3), "now": NOW}
    with pytest.raises(NotAllowed):
        services.supervise(**order, by=zhoukou.actor("unit"))
    services.supervise(**order, by=zhoukou.actor("supervisor"))
    assert lists(zhoukou, case_id) == {"assigned", "supervised"}
    assert case(case_id).stage == "handed", "督办 does not move the case"
    other = assigned(zhoukou, detail="另一件")
    assert lists(zhoukou, other) == {"assigned"}


@pytest.mark.row("ZK-01")
def test_the_one_who_did_the_work_cannot_sign_it_off(zhoukou: Place) -> None:
    """The unit's own people neither see the button nor may press it, even when they dispatch as well."""
    case_id = assigned(zhoukou)
    zhoukou.appoint("unit", "centre_staff", "4116")
    zhoukou.press("unit", case_id, "accept")
    zhoukou.press("unit", case_id, "report", result="清理完了")
    with pytest.raises(RuleBroken) as refused:
        zhoukou.move("unit", case_id, "sign_off")
    assert refused.value.code == "own_work"
    with pytest.raises(RuleBroken):
        zhoukou.move("other unit", case_id, "sign_off")
    zhoukou.press("supervisor", case_id, "send_back", reason="还有一处")
    assert (case(case_id).stage, case(case_id).failed_checks) == ("working", 1)
    zhoukou.press("unit", case_id, "report", result="都清了")
    zhoukou.press("supervisor", case_id, "sign_off")
    assert case(case_id).status == "closed"


@pytest.mark.row("ZK-01")
def test_collecting_sorting_and_passing_on_come_before_anybody_is_assigned(zhoukou: Place) -> None:
    case_id = zhoukou.open("collector", area=COMMUNITY, category="place_street", detail="占道")
    for too_early in ("push", "assign"):
        with pytest.raises(RuleBroken) as refused:
            zhoukou.move("office", case_id, too_early, unit_code=CITY_MANAGEMENT)
        assert refused.value.code == "move_not_open"
    assert lists(zhoukou, case_id) == set()
    seen = zhoukou.edition.get("cases", "problem_list")
    assert [step.title for step in seen.steps] == ["收集", "汇集", "推送", "交办", "办理", "结办"]
    assert [view.title for view in seen.views] == ["交办清单", "督办清单", "追责问责清单"]


def head(case_id: UUID) -> str:
    """Who the case says is first-responsible, as the register shows names."""
    found = case(case_id).head_id
    return "" if found is None else Person.objects.get(pk=found).name_masked


@pytest.mark.row("ZK-03")
def test_every_open_case_names_the_first_responsible_person_of_the_day_it_was_assigned(
    zhoukou: Place,
) -> None:
    """张 holds the post until 15 March, 李 from then on: what was assigned before still names 张."""
    change = date(2026, 3, 15)
    zhoukou.take_post("张旧任", CITY_MANAGEMENT, since=date(2024, 1, 1), until=change)
    zhoukou.take_post("李新任", CITY_MANAGEMENT, since=change)
    zhoukou.take_post("王住建", HOUSING, since=date(2024, 1, 1))
    before, housing, after = (collected(zhoukou, detail=f"第{n}件") for n in range(3))
    zhoukou.move("office", before, "assign", unit_code=CITY_MANAGEMENT)
    zhoukou.move("office", housing, "assign", unit_code=HOUSING)
    zhoukou.move("office", after, "assign", unit_code=CITY_MANAGEMENT, now=later(8))
    assert [head(each)[0] for each in (before, housing, after)] == ["张", "王", "李"]
    chain = Assignment.objects.filter(case_id=before).values_list("head_id", flat=True)
    assert list(chain) == [zhoukou.people["张旧任"].person_id]
    zhoukou.move("unit", before, "accept", now=later(8))
    assert head(before)[0] == "张", "taking it up later changes nothing"
    zhoukou.move("office", before, "transfer", unit_code=HOUSING, reason="归住建", now=later(8))
    assert head(before)[0] == "王"


@pytest.mark.row("ZK-03")
def test_a_unit_without_a_holder_that_day_names_nobody_rather_than_somebody_else(zhoukou: Place) -> None:
    zhoukou.take_post("离任者", CITY_MANAGEMENT, since=date(2020, 1, 1), until=date(2025, 1, 1))
    assert head(assigned(zhoukou)) == ""


@pytest.mark.row("ZK-03")
def test_what_a_leader_hears_at_the_base_becomes_a_case_that_names_the_visit(zhoukou: Place) -> None:
    zhoukou.appoint("mayor", "grid_worker", "4116")
    finding = NewOrder(
        "", "", COMMUNITY, category="place_market", detail="市场下水堵了", caller_kind="collector"
    )
    visit = services.NewVisit("v1", "leader_visit", COMMUNITY, NOW.date(), "到七一社区听群众说")
    ref = services.record_visit(visit=visit, findings=[finding], by=zhoukou.actor("mayor"), now=NOW)
    kept = Visit.objects.get(pk=ref.id)
    assert kept.visitor_id == zhoukou.people["mayor"].person_id
    found = case(ref.cases[0].id)
    assert (found.origin_id, found.stage) == (ref.id, "gathered")
    zhoukou.press("office", found.id, "pool")


@pytest.mark.row("ZK-03")
def test_a_yard_nobody_manages_is_routed_to_its_street(zhoukou: Place) -> None:
    """无主管楼院: the rule says so, the desk proposes it, and the street handles it."""
    asked = {"category": "place_yard", "area_code": YARD}
    said = zhoukou.api("office", "get", "/routing/proposal", data=asked).json()
    assert (said["unit_code"], said["rule"]) == (STREET, 10)
    assert "无主管楼院" in said["because"]
    case_id = zhoukou.open("office", area=YARD, category="place_yard", detail="院里没人管", channel="desk")
    zhoukou.press("office", case_id, "pool")
    zhoukou.press("office", case_id, "push")
    card = queries.card(zhoukou.actor("office"), case_id, now=NOW)
    assert card.lead_unit_code == STREET
    zhoukou.press("office", case_id, "assign", unit=STREET)
    zhoukou.press("street", case_id, "accept")
    assert case(case_id).stage == "working"
