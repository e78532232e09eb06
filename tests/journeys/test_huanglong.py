"""黄龙: ten cases on one theme become one activity, and each shows it as its answer (HL-16)."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from huakai.audit import queries as audit
from huakai.audit.types import Subject
from huakai.cases import queries
from huakai.cases.models import Case, CaseGroup
from huakai.kernel.clock import FixedClock
from huakai.packs.types import EditionView
from tests.factories.places_b import Place, Refused, Someone, sent, standing

ROOT, TOWN, VILLAGE, OTHER_VILLAGE = "610631", "610631100", "610631100201", "610631101201"
ANSWER = "3月28日苹果修剪培训，地点村文化广场"


@pytest.fixture
def place(shizhong: EditionView, clock: FixedClock) -> Iterator[Place]:
    with standing("huanglong", clock) as made:
        yield made


def ten_voices(place: Place) -> list[UUID]:
    """Ten residents of two villages want to learn the same thing."""
    found = []
    for number in range(10):
        village = VILLAGE if number % 2 else OTHER_VILLAGE
        someone = place.who("resident", village, f"{number}")
        found.append(place.open(someone, village, "skill_wish", f"想学苹果树修剪{number}"))
    return found


def grouped(by: Someone, cases: list[UUID], area: str = ROOT) -> UUID:
    """The activity request made of them."""
    body = {
        "kind": "activity",
        "title": "苹果修剪培训",
        "plan": "请县农技站来村里教",
        "area_code": area,
        "cases": cases,
    }
    return UUID(sent(by.api("post", "/groups", body=body))["id"])


@pytest.mark.row("HL-16")
def test_ten_cases_become_one_activity_and_each_shows_it_as_its_answer(place: Place) -> None:
    centre, cases = place.who("centre_staff", ROOT), ten_voices(place)
    for case_id in cases:
        place.move(centre, case_id, "common")
    assert set(centre.view("voice", "in_activity")) == set(cases)
    group = grouped(centre, cases)
    assert CaseGroup.objects.count() == 1
    assert set(centre.listed(f"group={group}")) == set(cases)
    sent(centre.api("post", f"/groups/{group}/answer", body={"text": ANSWER}))
    (shown,) = centre.api("get", "/groups?kind=activity").json()
    assert (shown["answer"], shown["cases"]) == (ANSWER, 10)
    for case_id in cases:
        assert Case.objects.get(pk=case_id).first_answer_at == place.clock.at
        last = audit.history(Subject("case", str(case_id)))[-1]
        assert (last.name, last.after["group"]) == ("case.group_answered", str(group))
        assert queries.groups_of(case_id) == ((group, "activity", "苹果修剪培训", ANSWER),)
    with pytest.raises(Refused, match="答复过"):
        sent(centre.api("post", f"/groups/{group}/answer", body={"text": "再说一遍"}))


@pytest.mark.row("HL-16")
def test_after_the_activity_each_case_closes_with_it_as_its_outcome(place: Place) -> None:
    centre, case_id = place.who("centre_staff", ROOT), ten_voices(place)[0]
    place.move(centre, case_id, "common")
    place.move(centre, case_id, "respond", outcome="activity", result="培训已办，42人参加")
    assert centre.listed("flow=voice&outcome=activity") == [case_id]


@pytest.mark.row("HL-16")
def test_a_town_groups_only_what_is_its_own_to_dispatch(place: Place) -> None:
    town, cases = place.who("street_staff", TOWN), ten_voices(place)
    with pytest.raises(Refused):
        grouped(town, cases, TOWN)
    assert CaseGroup.objects.count() == 0
