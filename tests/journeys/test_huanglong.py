"""黄龙: ten cases on one theme become one activity, and each shows it as its answer (HL-16)."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from huakai.audit import queries as audit
from huakai.audit.types import Subject
from huakai.cases import services
from huakai.cases.models import Case, CaseGroup
from huakai.cases.types import CaseFilter
from huakai.kernel.clock import FixedClock
from huakai.kernel.errors import NotAllowed, RuleBroken
from huakai.packs.types import EditionView
from tests.factories.places_b import Place, Someone, standing

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


def grouped(place: Place, by: Someone, cases: list[UUID]) -> UUID:
    group = services.NewGroup("activity", "苹果修剪培训", "请县农技站来村里教", ROOT)
    return services.group_cases(group=group, case_ids=cases, by=by.actor, now=place.clock.at)


@pytest.mark.row("HL-16")
def test_ten_cases_become_one_activity_and_each_shows_it_as_its_answer(place: Place) -> None:
    centre, cases = place.who("centre_staff", ROOT), ten_voices(place)
    for case_id in cases:
        place.move(centre, case_id, "common")
    assert set(centre.view("voice", "in_activity")) == set(cases)
    group = grouped(place, centre, cases)
    assert CaseGroup.objects.count() == 1
    assert set(centre.found(CaseFilter(group=group))) == set(cases)
    assert services.answer_group(group_id=group, answer=ANSWER, by=centre.actor, now=place.clock.at) == 10
    for case_id in cases:
        assert Case.objects.get(pk=case_id).first_answer_at == place.clock.at
        last = audit.history(Subject("case", str(case_id)))[-1]
        assert (last.name, last.after["group"]) == ("case.group_answered", str(group))
    assert CaseGroup.objects.get(pk=group).answer == ANSWER
    with pytest.raises(RuleBroken, match="答复过"):
        services.answer_group(group_id=group, answer="再说一遍", by=centre.actor, now=place.clock.at)


@pytest.mark.row("HL-16")
def test_after_the_activity_each_case_closes_with_it_as_its_outcome(place: Place) -> None:
    centre, case_id = place.who("centre_staff", ROOT), ten_voices(place)[0]
    place.move(centre, case_id, "common")
    place.move(centre, case_id, "respond", outcome="activity", result="培训已办，42人参加")
    assert centre.found(CaseFilter(flow="voice", outcome="activity")) == [case_id]


@pytest.mark.row("HL-16")
def test_a_town_groups_only_what_is_its_own_to_dispatch(place: Place) -> None:
    town, cases = place.who("street_staff", TOWN), ten_voices(place)
    group = services.NewGroup("activity", "培训", "", TOWN)
    with pytest.raises(NotAllowed):
        services.group_cases(group=group, case_ids=cases, by=town.actor, now=place.clock.at)
    assert CaseGroup.objects.count() == 0
