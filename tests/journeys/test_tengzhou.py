"""Tengzhou: enterprises call, the government answers (TZ-02), delegated powers (TZ-04), finance steward (TZ-09)."""

import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from huakai.cases import queries, services
from huakai.cases.definitions.routing import Power
from huakai.cases.models import Assignment, Consultation, Quantity
from huakai.cases.types import Quantity as Amount
from huakai.kernel.errors import RuleBroken
from tests.cast import NOW
from tests.factories.places import Place, case

SIX = {"木石镇": "113", "西岗镇": "106", "东郭镇": "116", "鲍沟镇": "108", "南沙河镇": "102", "官桥镇": "110"}
"""The six towns of the programme, by name."""
APPROVALS, LAND, ENERGY = "370481D01", "370481D02", "370481D03"
BANK, OTHER_BANK = "370481B01", "370481B02"
SOLVED, HARD = 82, 9


def town(name: str) -> str:
    """Code of one of the six."""
    return f"370481{SIX[name]}"


@pytest.fixture
def tengzhou(place_of: Callable[[str], Place]) -> Place:
    """The city with staff of its six towns, of three departments and two banks, and its centre."""
    place = place_of("tengzhou")
    for name in SIX:
        place.appoint(name, "street_staff", town(name))
    for unit in (APPROVALS, LAND, ENERGY, BANK, OTHER_BANK):
        place.appoint(unit, "dept_handler", unit)
    place.appoint("centre", "centre_staff", "370481")
    return place


def call(place: Place, who: str, **order: str) -> UUID:
    """An enterprise's problem raised by its town."""
    wanted: dict[str, Any] = {
        "category": "ent_energy",
        "caller_kind": "town",
        "detail": "用能指标不够",
    } | order
    return place.open(who, area=f"{town(who)}001", **wanted)


@pytest.mark.row("TZ-02")
def test_the_direct_line_takes_a_call_from_the_town_to_the_department_past_the_city_centre(
    tengzhou: Place,
) -> None:
    """On the desk's pages: the town enters it, sends it on itself, the department answers and solves it."""
    case_id = tengzhou.call_in(
        "西岗镇",
        area=f"{town('西岗镇')}201",
        category="ent_energy",
        caller="town",
        name="盛源公司",
        detail="芳纶项目缺用能指标",
    )
    assert case(case_id).caller_kind == "town"
    tengzhou.press("西岗镇", case_id, "direct", unit=ENERGY)
    assert case(case_id).assigned_at == NOW
    offered_by = Assignment.objects.get(case_id=case_id).offered_by
    assert offered_by == tengzhou.people["西岗镇"].person_id, "nobody at the centre has touched it"
    tengzhou.press(ENERGY, case_id, "accept")
    assert "接诉即办" in tengzhou.pane("centre", case_id)
    assert case(case_id).first_answer_at == NOW
    assert case(case_id).stage == "answering"


@pytest.mark.row("TZ-02")
def test_the_next_town_and_another_department_cannot_send_it_on_or_take_it(tengzhou: Place) -> None:
    case_id = call(tengzhou, "西岗镇")
    assert tengzhou.client("木石镇").get(f"/desk/cases/{case_id}/").status_code == 404
    with pytest.raises(RuleBroken):
        tengzhou.move("木石镇", case_id, "direct", unit_code=ENERGY)
    tengzhou.move("西岗镇", case_id, "direct", unit_code=ENERGY)
    with pytest.raises(RuleBroken):
        tengzhou.move(LAND, case_id, "accept")


@pytest.mark.row("TZ-02")
def test_a_hard_case_goes_on_only_once_its_meeting_is_on_record(tengzhou: Place) -> None:
    case_id = call(tengzhou, "木石镇")
    tengzhou.move("木石镇", case_id, "direct", unit_code=ENERGY)
    tengzhou.move(ENERGY, case_id, "accept")
    tengzhou.press(ENERGY, case_id, "hard", reason="要几个部门一起定")
    with pytest.raises(RuleBroken) as refused:
        tengzhou.move(ENERGY, case_id, "settled", result="按会商意见办")
    assert refused.value.code == "not_consulted"
    with pytest.raises(RuleBroken):
        meet(tengzhou, case_id, [ENERGY])
    meet(tengzhou, case_id, [ENERGY, LAND, APPROVALS])
    tengzhou.press(ENERGY, case_id, "settled", result="按会商意见办")
    record = Consultation.objects.get(case_id=case_id)
    assert (record.unit_codes, record.held_on) == ([ENERGY, LAND, APPROVALS], NOW.date())
    assert record.decision == "指标由市级统筹，一周内落实"


def meet(place: Place, case_id: UUID, units: list[str]) -> None:
    """The task force sits together."""
    services.record_consultation(
        case_id=case_id,
        held_on=NOW.date(),
        unit_codes=units,
        decision="指标由市级统筹，一周内落实",
        by=place.actor("centre"),
        now=NOW,
    )


@pytest.mark.row("TZ-02")
def test_82_solved_problems_are_listed_with_their_town_and_the_hard_ones_with_their_meeting(
    tengzhou: Place,
) -> None:
    towns = list(SIX)
    cases = [call(tengzhou, towns[n % 6], detail=f"难题{n}") for n in range(SOLVED + 2)]
    for n, case_id in enumerate(cases[:-1]):
        tengzhou.move(towns[n % 6], case_id, "direct", unit_code=ENERGY)
        tengzhou.move(ENERGY, case_id, "accept")
        if n < HARD:
            tengzhou.move(ENERGY, case_id, "hard", reason="要会商")
            meet(tengzhou, case_id, [ENERGY, LAND])
            tengzhou.move(ENERGY, case_id, "settled", result="按会商意见办")
        word = "solved" if n < SOLVED else "explained"
        tengzhou.move(ENERGY, case_id, "solve", outcome=word, result="办好了")
    query = "flow=enterprise_call&view=solved&limit=200"
    rows = tengzhou.api("centre", "get", f"/cases?{query}").json()["rows"]
    assert len(rows) == SOLVED, "explained is not solved, open is not either"
    assert {row["id"] for row in rows} == {str(case_id) for case_id in cases[:SOLVED]}
    listed = Counter(next(name for name in SIX if row["area_code"].startswith(town(name))) for row in rows)
    assert listed == Counter(towns[n % 6] for n in range(SOLVED))
    assert {row["outcome"] for row in rows} == {"已解决"}
    with_meeting = set(Consultation.objects.values_list("case_id", flat=True))
    assert with_meeting == set(cases[:HARD])
    own = tengzhou.api("木石镇", "get", f"/cases?{query}").json()["rows"]
    assert len(own) == listed["木石镇"], "a town sees its own"
    panel = tengzhou.api("centre", "get", "/panel?flow=enterprise_call&by=area").json()
    assert panel["total"]["solved"] == SOLVED
    assert (panel["total"]["closed"], panel["total"]["open"]) == (SOLVED + 1, 1)
    by_town = {row["title"]: row["solved"] for row in panel["rows"] if row["solved"]}
    assert by_town == dict(listed)


@pytest.mark.row("TZ-02")
def test_the_desk_shows_the_city_which_town_raised_a_call(tengzhou: Place) -> None:
    call(tengzhou, "官桥镇")
    page = tengzhou.client("centre").get("/desk/?flow=enterprise_call").content.decode()
    assert "官桥" in page
    assert "镇（街）代提" in page


@pytest.mark.row("TZ-09")
def test_the_case_of_a_firm_closes_with_the_credit_line_it_was_granted(tengzhou: Place) -> None:
    """联泓新科: found by 木石镇, referred to a bank that cannot, then to one that grants 30亿元."""
    case_id = tengzhou.call_in(
        "木石镇",
        area=f"{town('木石镇')}001",
        category="finance",
        caller="enterprise",
        name="联泓新科",
        detail="联泓新科扩产需要融资",
    )
    tengzhou.press("木石镇", case_id, "match", unit=BANK)
    tengzhou.press(BANK, case_id, "return", reason="额度不够")
    with pytest.raises(RuleBroken) as asked_again:
        tengzhou.move("木石镇", case_id, "match", unit_code=BANK)
    assert asked_again.value.code == "declined_already"
    tengzhou.press("木石镇", case_id, "match", unit=OTHER_BANK)
    tengzhou.press(OTHER_BANK, case_id, "accept")
    granted: dict[str, Any] = {"outcome": "granted", "result": "授信批复"}
    with pytest.raises(RuleBroken) as without_amount:
        tengzhou.move(OTHER_BANK, case_id, "grant", **granted)
    assert without_amount.value.field == "quantity_credit"
    tengzhou.move(OTHER_BANK, case_id, "grant", quantities=(Amount("credit", Decimal(30)),), **granted)
    closed = case(case_id)
    assert (closed.status, closed.outcome, closed.solved) == ("closed", "granted", True)
    line = Quantity.objects.get(case=closed)
    assert f"{line.amount.normalize():f}{line.measure}" == "30亿元"
    row = tengzhou.api("centre", "get", "/cases?category=finance&status=closed").json()["rows"][0]
    assert (row["outcome"], "联泓新科" in row["title"]) == ("已授信", True)


@pytest.mark.row("TZ-09")
def test_no_bank_found_is_said_and_is_not_counted_as_solved(tengzhou: Place) -> None:
    case_id = call(tengzhou, "官桥镇", category="finance", caller_kind="enterprise", detail="缺流动资金")
    tengzhou.move("官桥镇", case_id, "give_up", outcome="not_granted", result="暂无合适产品")
    panel = tengzhou.api("centre", "get", "/panel?category=finance").json()["total"]
    assert (panel["closed"], panel["solved"]) == (1, 0)
    flow = tengzhou.edition.get("cases", "finance_steward")
    assert {move.effect.value for stage in flow.stages for move in stage.moves} <= {
        "answer", "assign", "cancel", "finish", "none", "return",
    }, "intake, referral and outcome; no lending"  # fmt: skip


def powers(place: Place) -> list[Power]:
    """Every listed power."""
    return list(place.edition.get("powers", "delegated").powers)


@pytest.mark.row("TZ-04")
def test_the_list_holds_26_penalties_21_approvals_and_589_enforcement_powers(tengzhou: Place) -> None:
    kinds = Counter(power.kind for power in powers(tengzhou))
    assert kinds == {"penalty": 26, "approval": 21, "enforcement": 589}
    assert all(power.delegated and power.title.endswith("（示例）") for power in powers(tengzhou))
    assert len({power.title for power in powers(tengzhou)}) == 26 + 21 + 589
    page = tengzhou.client("centre").get("/desk/routing/powers/").content.decode()
    counted = re.findall(
        r'<th scope="row">([^<]+)</th><td class="num">(\d+)</td><td class="num">(\d+)</td>', page
    )
    assert counted == [("行政处罚", "26", "26"), ("审批事项", "21", "21"), ("执法权", "589", "589")]
    chosen = [p for p in powers(tengzhou) if town("木石镇") in p.delegated[0].towns]
    of_town = tengzhou.client("centre").get(f"/desk/routing/powers/?town={town('木石镇')}").content.decode()
    assert of_town.count("data-row") == len(chosen) < 636


@pytest.mark.row("TZ-04")
@pytest.mark.parametrize("kind", ["penalty", "approval", "enforcement"])
def test_a_case_on_a_delegated_power_goes_to_the_town_and_not_to_the_department(
    tengzhou: Place, kind: str
) -> None:
    """In a town that picked it; next door, where it was not picked, the department of the city still has it."""
    power = next(p for p in powers(tengzhou) if p.kind == kind and 0 < len(p.delegated[0].towns) < 6)
    picked = power.delegated[0].towns[0]
    not_picked = next(town(name) for name in SIX if town(name) not in power.delegated[0].towns)
    category = "permit" if kind == "approval" else "enforcement"
    for place_code, unit in ((picked, picked), (not_picked, power.department)):
        asked = f"area_code={place_code}001&category={category}&answer=power={power.code}"
        said = tengzhou.api("centre", "get", f"/routing/proposal?{asked}").json()
        assert (said["unit_code"], said["rule"]) == (unit, 1)
        order: dict[str, Any] = {
            "category": category,
            "detail": "办个事",
            "answers": {"power": power.code},
            "channel": "counter",
        }
        case_id = tengzhou.open("centre", area=f"{place_code}001", **order)
        card = queries.card(tengzhou.actor("centre"), case_id, now=NOW)
        assert card.lead_unit_code == unit, "what the desk proposes"
        sheet = tengzhou.client("centre").get(f"/desk/cases/{case_id}/moves/assign/").content.decode()
        assert f'<option value="{unit}" selected>' in sheet
    in_town = next(name for name in SIX if town(name) == picked)
    case_id = tengzhou.open(
        "centre", area=f"{picked}001", category=category, detail="办个事", answers={"power": power.code}
    )
    tengzhou.press("centre", case_id, "assign", unit=picked)
    tengzhou.press(in_town, case_id, "accept")
    tengzhou.press(in_town, case_id, "finish", result="在镇里就办好了")
    assert case(case_id).status == "closed"
    if power.department in tengzhou.people:
        with pytest.raises(RuleBroken):
            tengzhou.move(power.department, case_id, "return", reason="不归我们")


@pytest.mark.row("TZ-04")
def test_what_rests_on_no_listed_power_goes_to_the_department(tengzhou: Place) -> None:
    asked = f"area_code={town('木石镇')}001&category=permit&answer=power=none"
    said = tengzhou.api("centre", "get", f"/routing/proposal?{asked}").json()
    assert said["unit_code"] == APPROVALS
