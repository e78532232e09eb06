"""井冈山: the grid loop with feedback due again and again, sort and divide, errands, mediation."""

import runpy
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from huakai.cases.models import Case
from huakai.kernel.clock import CHINA, FixedClock
from huakai.packs import queries as packs
from huakai.packs.types import EditionView
from tests.factories.places_b import EXAMPLES, Place, Refused, Someone, sent, standing

ROOT, STREET = "360881", "360881001"
COMMUNITY, OTHER_COMMUNITY = "360881001001", "360881002001"
GRID, OTHER_GRID = "36088100100101", "36088100100102"
URBAN, HOUSING = "360881D03", "360881D04"


@pytest.fixture
def place(shizhong: EditionView, clock: FixedClock) -> Iterator[Place]:
    with standing("jinggangshan", clock) as made:
        yield made


def accepted(place: Place, unit: str) -> UUID:
    """A matter found in the grid, given out by the street and accepted by a department."""
    officer, street = place.who("grid_worker", GRID), place.who("street_staff", STREET)
    found = place.call(officer, GRID, "grid_item", "井盖松动", caller="grid")
    place.move(street, found, "assign", unit_code=unit)
    place.move(place.who("dept_handler", unit), found, "accept")
    return found


@pytest.mark.row("JG-04")
def test_a_department_that_does_not_report_back_in_its_period_is_listed(
    place: Place, clock: FixedClock
) -> None:
    """Accepted on Tuesday 10:00: feedback is due on the Tuesday after, five working days on, and again after it."""
    case_id, department = accepted(place, URBAN), place.who("dept_handler", URBAN)
    street = place.who("street_staff", STREET)
    start = clock.at
    due = Case.objects.get(pk=case_id).feedback_due_at
    assert due is not None
    assert (due.astimezone(CHINA).date() - start.astimezone(CHINA).date()).days == 7
    clock.at = due - timedelta(minutes=1)
    assert street.view("grid_loop", "feedback_late") == []
    clock.at = due
    assert street.view("grid_loop", "feedback_late") == [case_id]
    assert street.api("get", "/cases?view=feedback_late").json()["rows"][0]["taker"] == "市城市管理局"
    assert department.view("grid_loop", "feedback_late") == [case_id]
    assert place.who("dept_handler", HOUSING).view("grid_loop", "feedback_late") == []

    place.move(department, case_id, "feedback", result="已约施工队，周五换井盖")
    assert street.view("grid_loop", "feedback_late") == []
    assert Case.objects.get(pk=case_id).status == "open"
    clock.at = due + timedelta(days=8)
    assert street.view("grid_loop", "feedback_late") == [case_id], "the duty repeats"
    place.move(department, case_id, "finish", result="井盖已更换", outcome="solved")
    assert street.view("grid_loop", "feedback_late") == []
    assert Case.objects.get(pk=case_id).feedback_due_at is None


@pytest.mark.row("JG-04")
def test_feedback_is_the_departments_own_duty(place: Place) -> None:
    case_id = accepted(place, URBAN)
    refused = place.post(place.who("dept_handler", HOUSING), case_id, "feedback", result="我们看过了")
    assert refused.status_code == 404
    with pytest.raises(Refused, match="别的岗位"):
        place.move(
            place.who("street_staff", STREET), case_id, "feedback", result="替部门反馈", outcome="solved"
        )


def collected(place: Place, officer: Someone, grid: str, resident: str, detail: str) -> UUID:
    """What a grid officer collects from a resident."""
    case_id = place.open(officer, grid, "grid_problem", detail, of=place.who("resident", COMMUNITY, resident))
    place.move(place.who("street_staff", STREET), case_id, "take_up")
    return case_id


def to_telling(place: Place, case_id: UUID, unit: str) -> None:
    """From 梳理 through 分流 and 处理 to 反馈."""
    street, department = place.who("street_staff", STREET), place.who("dept_handler", unit)
    place.move(street, case_id, "sort", answers={"theme": "facility"})
    place.move(street, case_id, "assign", unit_code=unit)
    place.move(department, case_id, "accept")
    place.move(department, case_id, "report", result="路灯换好了", outcome="solved")


@pytest.mark.row("JG-05")
def test_two_equal_reports_are_merged_and_both_reporters_get_the_feedback(place: Place) -> None:
    street = place.who("street_staff", STREET)
    first = collected(place, place.who("grid_worker", GRID), GRID, "甲", "楼道路灯不亮")
    second = collected(place, place.who("grid_worker", OTHER_GRID), OTHER_GRID, "乙", "3栋路灯坏了")
    assert set(street.view("grid_report", "sorting")) == {first, second}
    sent(street.api("post", f"/cases/{first}/merge", body={"sources": [second], "reason": "同一盏灯"}))
    assert street.view("grid_report", "sorting") == [first], "counted once"
    with pytest.raises(Refused, match="并入"):
        place.move(street, second, "sort", answers={"theme": "facility"})
    to_telling(place, first, HOUSING)
    place.move(place.who("grid_worker", GRID), first, "tell", result="路灯已换好，请放心")
    for name, case_id in (("甲", first), ("乙", second)):
        told = place.who("resident", COMMUNITY, name).card(case_id)
        assert told["result"] == "路灯已换好，请放心", name


@pytest.mark.row("JG-05")
def test_a_mixed_report_is_split_and_each_part_goes_its_own_way(place: Place) -> None:
    street = place.who("street_staff", STREET)
    mixed = collected(place, place.who("grid_worker", GRID), GRID, "甲", "路灯不亮，垃圾也没人收")
    place.move(street, mixed, "sort", answers={"theme": "other"})
    parts = [{"category": "grid_problem", "detail": detail} for detail in ("路灯不亮", "垃圾没人收")]
    made = sent(street.api("post", f"/cases/{mixed}/split", "split", body={"parts": parts}))
    owner, cases = place.who("resident", COMMUNITY, "甲"), [UUID(ref["id"]) for ref in made]
    assert len(cases) == 2
    for case_id, unit in zip(cases, (HOUSING, URBAN), strict=True):
        place.move(street, case_id, "take_up")
        to_telling(place, case_id, unit)
        place.move(street, case_id, "tell", result="办好了")
        assert owner.card(case_id)["row"]["status"] == "closed"
    assert {Case.objects.get(pk=case_id).lead_unit_code for case_id in cases} == {HOUSING, URBAN}
    assert Case.objects.get(pk=mixed).status == "open", "the parent is settled by a person, not silently"


@pytest.mark.row("JG-05")
def test_feedback_that_does_not_hold_goes_back_to_work(place: Place) -> None:
    case_id = collected(place, place.who("grid_worker", GRID), GRID, "甲", "路灯不亮")
    to_telling(place, case_id, HOUSING)
    place.move(place.who("street_staff", STREET), case_id, "rework", reason="晚上去看还是不亮")
    case = Case.objects.get(pk=case_id)
    assert (case.stage, case.failed_checks, case.status) == ("handling", 1, "open")


@pytest.mark.row("JG-07")
def test_an_errand_closes_only_when_the_papers_are_marked_returned(place: Place) -> None:
    helper = place.who("station_staff", COMMUNITY)
    answers = {"what": "代办老年证", "authorised": "signed"}
    case_id = place.open(helper, COMMUNITY, "errand", "腿脚不便，请代办老年证", answers=answers)
    with pytest.raises(Refused, match="交了哪些材料"):
        place.move(helper, case_id, "take_on", answers={"papers_taken_on": "2026-03-10"})
    place.move(
        helper, case_id, "take_on", answers={"papers": "身份证、照片两张", "papers_taken_on": "2026-03-10"}
    )
    stored = Case.objects.get(pk=case_id)
    assert "身份证" not in str(stored.answers), "which papers is sealed"
    place.move(helper, case_id, "report", result="老年证办好了", outcome="done")
    for given in ({}, {"papers_returned": "no", "papers_returned_on": "2026-03-12"}):
        with pytest.raises(Refused):
            place.move(helper, case_id, "finish", answers=given)
        assert Case.objects.get(pk=case_id).status == "open"
    place.move(
        helper, case_id, "finish", answers={"papers_returned": "yes", "papers_returned_on": "2026-03-12"}
    )
    assert Case.objects.get(pk=case_id).status == "closed"


@pytest.mark.row("JG-07")
def test_nothing_is_done_for_somebody_without_their_authorisation(place: Place) -> None:
    helper = place.who("station_staff", COMMUNITY)
    with pytest.raises(Refused, match="没有委托不能代办"):
        place.open(helper, COMMUNITY, "errand", "代办", answers={"what": "低保", "authorised": "none"})


def lodged(place: Place) -> UUID:
    """A quarrel between neighbours, lodged by one of them."""
    party = place.who("resident", COMMUNITY, "当事人")
    return place.open(party, COMMUNITY, "dispute", "楼上漏水，两家吵起来了")


def mediating(place: Place, mediator: Someone) -> UUID:
    """A quarrel a retired worker has taken on."""
    case_id = lodged(place)
    asked = {"taker_kind": "person", "taker_id": mediator.person_id}
    place.move(place.who("street_staff", STREET), case_id, "offer", **asked)
    place.move(mediator, case_id, "accept")
    return case_id


@pytest.mark.row("JG-12")
def test_a_dispute_given_to_a_retired_worker_ends_with_an_agreement(place: Place) -> None:
    mediator = place.who("mediator", COMMUNITY)
    case_id = mediating(place, mediator)
    with pytest.raises(Refused, match="协议要点"):
        place.move(mediator, case_id, "agree", outcome="agreed")
    place.move(mediator, case_id, "agree", outcome="agreed", answers={"agreement": "楼上修好水管，赔两百元"})
    case = Case.objects.get(pk=case_id)
    assert (case.status, case.outcome, case.solved) == ("closed", "agreed", True)
    assert "赔两百元" not in str(case.answers)


@pytest.mark.row("JG-12")
def test_a_dispute_that_cannot_be_settled_is_passed_on_and_says_to_whom(place: Place) -> None:
    mediator = place.who("mediator", COMMUNITY)
    case_id = mediating(place, mediator)
    with pytest.raises(Refused, match="办理结论"):
        place.move(mediator, case_id, "pass_on", result="谈不拢", answers={"passed_to": "justice_office"})
    place.move(
        mediator,
        case_id,
        "pass_on",
        outcome="passed_on",
        result="谈不拢",
        answers={"passed_to": "justice_office"},
    )
    case = Case.objects.get(pk=case_id)
    assert (case.status, case.outcome, case.solved) == ("closed", "passed_on", False)
    assert case.answers["passed_to"] == "justice_office"


@pytest.mark.row("JG-12")
def test_a_dispute_is_seen_by_those_who_work_on_it_and_counted_for_the_rest(place: Place) -> None:
    """The leader may see every case of the town, but not this one; the number counts it all the same."""
    mediator, leader = place.who("mediator", COMMUNITY), place.who("leader", ROOT)
    case_id = mediating(place, mediator)
    assert mediator.listed("flow=mediation") == [case_id]
    assert mediator.browser.get(f"/desk/cases/{case_id}/").status_code == 200
    assert leader.listed("flow=mediation") == []
    assert leader.api("get", f"/cases/{case_id}").status_code == 404
    assert place.who("mediator", OTHER_COMMUNITY).api("get", f"/cases/{case_id}").status_code == 404
    assert leader.api("get", "/panel?flow=mediation&by=flow").json()["total"]["collected"] == 1


@pytest.mark.row("JG-12")
def test_nobody_mediates_between_themselves_and_another(place: Place) -> None:
    case_id = lodged(place)
    party = place.who("resident", COMMUNITY, "当事人")
    asked = {"taker_kind": "person", "taker_id": party.person_id}
    with pytest.raises(Refused, match="点单人自己"):
        place.move(place.who("street_staff", STREET), case_id, "offer", **asked)


def items() -> dict[str, str]:
    """Item → the department that owns it."""
    return {item.code: item.owner for item in packs.current("jinggangshan").get("powers", "grid_items").items}


@pytest.mark.row("JG-02")
def test_a_report_under_one_of_79_items_goes_to_the_department_of_the_item(place: Place) -> None:
    street, owners = place.who("street_staff", STREET), items()
    assert len(owners) == 79
    asked = f"/routing/proposal?area_code={GRID}&category=grid_item&answer=item="
    for item, owner in list(owners.items())[::8]:
        found = street.api("get", f"{asked}{item}").json()
        assert (found["unit_code"], found["rule"]) == (owner, 2)
    case_id = place.open(
        place.who("grid_worker", GRID), GRID, "grid_item", "消防通道被堵", answers={"item": "005"}
    )
    proposed = street.card(case_id)["lead_unit_code"]
    assert proposed == owners["005"]
    place.move(street, case_id, "assign", unit_code=proposed)
    assert Case.objects.get(pk=case_id).lead_unit_code == owners["005"]


@pytest.mark.row("JG-02")
def test_an_item_that_is_not_in_the_catalogue_asks_the_street_to_decide(place: Place) -> None:
    street = place.who("street_staff", STREET)
    for item in ("none", "080"):
        asked = f"/routing/proposal?area_code={GRID}&category=grid_item&answer=item={item}"
        found = street.api("get", asked).json()
        assert (found["unit_code"], found["rule"]) == (STREET, 3)
        assert "裁定" in found["because"]


@pytest.mark.row("JG-02")
def test_the_catalogue_is_what_its_generator_writes() -> None:
    script = EXAMPLES / "grid_items.py"
    written = runpy.run_path(str(script))
    assert written["text"]() == written["OUT"].read_text(encoding="utf-8")
