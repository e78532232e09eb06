"""Jiangling: a cadre's visit opens cases that name the cadre, and the result is told back (JL-04)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from huakai.cases import services
from huakai.cases.models import Case, Visit
from huakai.cases.services import VisitRef
from huakai.cases.types import NewOrder
from huakai.kernel.errors import RuleBroken
from tests.cast import NOW
from tests.factories.places import Place, case

VILLAGE, NEXT_VILLAGE, TOWN = "421024100201", "421024101201", "421024100"
TRANSPORT, FARMING = "421024D02", "421024D03"


@pytest.fixture
def jiangling(place_of: Callable[[str], Place]) -> Place:
    """A cadre who goes to a village, a resident there, two departments, the town and the county's dispatcher."""
    place = place_of("jiangling")
    place.appoint("cadre", "grid_worker", TOWN)
    place.appoint("other cadre", "grid_worker", "421024101")
    place.appoint("centre", "centre_staff", "421024")
    place.appoint("transport", "dept_handler", TRANSPORT)
    place.appoint("farming", "dept_handler", FARMING)
    place.join("villager", home=VILLAGE)
    return place


def visited(place: Place, key: str = "v1") -> VisitRef:
    """A visit with two findings, told by a villager."""
    told: dict[str, Any] = {"requester_id": place.people["villager"].person_id}
    findings = [
        NewOrder("", "", VILLAGE, category="v_road", detail="进村路断了一截", **told),
        NewOrder("", "", VILLAGE, category="v_farming", detail="麦苗发黄", **told),
    ]
    visit = services.NewVisit(key, "to_the_base", VILLAGE, NOW.date(), "到古堤村走访")
    return services.record_visit(visit=visit, findings=findings, by=place.actor("cadre"), now=NOW)


@pytest.mark.row("JL-04")
def test_a_visit_with_two_findings_opens_two_cases_that_name_the_visiting_cadre(jiangling: Place) -> None:
    ref = visited(jiangling)
    cadre = jiangling.people["cadre"].person_id
    found = Case.objects.filter(origin_kind="visit", origin_id=ref.id)
    assert {row.category for row in found} == {"v_road", "v_farming"}
    assert {(row.opened_by_id, row.channel) for row in found} == {(cadre, "visit")}
    assert Visit.objects.get(pk=ref.id).visitor_id == cadre
    again = visited(jiangling)
    assert (again.created, again.id) == (False, ref.id)
    assert Case.objects.filter(origin_kind="visit").count() == 2, "sent twice, written once"


@pytest.mark.row("JL-04")
def test_the_case_is_not_closed_before_the_result_is_told_back(jiangling: Place) -> None:
    road, crops = (each.id for each in visited(jiangling).cases)
    handle(jiangling, road, "transport", TRANSPORT, "solved")
    assert (case(road).stage, case(road).status) == ("telling", "open")
    assert case(road).solved
    with pytest.raises(RuleBroken):
        jiangling.move("transport", road, "tell", result="已告知")
    with pytest.raises(RuleBroken):
        jiangling.move("other cadre", road, "tell", result="已告知")
    with pytest.raises(RuleBroken) as wordless:
        jiangling.move("cadre", road, "tell")
    assert wordless.value.field == "result"
    jiangling.press("cadre", road, "tell", result="当面告诉了老乡，路修好了")
    told = case(road)
    assert (told.status, told.result_text) == ("closed", "当面告诉了老乡，路修好了")
    handle(jiangling, crops, "farming", FARMING, "explained")
    jiangling.press("cadre", crops, "not_solved", reason="老乡说苗还是黄")
    again = case(crops)
    assert (again.stage, again.failed_checks) == ("solving", 1)


def handle(place: Place, case_id: UUID, who: str, unit: str, word: str) -> None:
    """Assigned, taken up and worked on by a department."""
    place.press("centre", case_id, "assign", unit=unit)
    place.press(who, case_id, "accept")
    place.move(who, case_id, "report", outcome=word, result="办好了")


@pytest.mark.row("JL-04")
def test_a_finding_needs_a_category_of_the_visit_and_an_area_of_the_cadres(jiangling: Place) -> None:
    by = jiangling.actor("cadre")
    here = services.NewVisit("v2", "to_the_base", VILLAGE, NOW.date())
    road = NewOrder("", "", VILLAGE, category="road", detail="路")
    with pytest.raises(RuleBroken) as wrong_category:
        services.record_visit(visit=here, findings=[road], by=by, now=NOW)
    assert wrong_category.value.code == "finding_category"
    there = services.NewVisit("v3", "to_the_base", NEXT_VILLAGE, NOW.date())
    with pytest.raises(RuleBroken):
        services.record_visit(visit=there, findings=[], by=by, now=NOW)
    assert not Visit.objects.exists(), "all or nothing"
    assert not Case.objects.filter(origin_kind="visit").exists()
