"""督办 and 追责问责 on the desk: ordered at the case, answered by the unit, lifted; the case does not move."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest
from django.test import Client

from huakai.cases.models import Case, CaseGroup, Supervision, Visit
from huakai.registry.types import Actor
from tests.cast import COMMUNITY, DEPARTMENT
from tests.factories.cases import move, open_one

Who = Callable[[str], Actor]
Browser = Callable[[str], Client]


@pytest.fixture
def case_id(actor: Who, now: datetime) -> UUID:
    """A demand with the department."""
    made = open_one(actor("resident"), now, service="", category="road", detail="路面有坑")
    move(made, "assign", actor("centre_staff"), now, unit_code=DEPARTMENT)
    return made


def test_an_order_is_given_answered_and_lifted_and_the_case_stays(client_of: Browser, case_id: UUID) -> None:
    centre, unit = client_of("centre_staff"), client_of("dept_handler")
    address = f"/desk/cases/{case_id}/beside/supervise/"
    assert centre.post(address, {"reason": ""}).status_code == 422
    assert not Supervision.objects.exists()
    assert centre.post(address, {"reason": "请抓紧补坑"}).status_code == 302
    order = Supervision.objects.get()
    assert (order.kind, order.state, order.unit_code) == ("supervise", "open", DEPARTMENT)
    assert "请抓紧补坑" in unit.get("/desk/supervision/").content.decode()
    assert unit.post(f"/desk/supervision/{order.id}/answer/", {"answer": "明天补好"}).status_code == 302
    assert centre.post(f"/desk/supervision/{order.id}/lift/", {"decision": "已补好"}).status_code == 302
    order.refresh_from_db()
    assert (order.state, order.answer) == ("lifted", "明天补好")
    assert Case.objects.get(pk=case_id).stage == "assigned"


def test_neighbours_and_residents_cannot_supervise(client_of: Browser, case_id: UUID) -> None:
    address = f"/desk/cases/{case_id}/beside/supervise/"
    for role in ("neighbour_staff", "resident", "stranger"):
        assert client_of(role).post(address, {"reason": "快点"}).status_code in {403, 404}
    assert not Supervision.objects.exists()


def test_a_group_is_answered_once_for_all(client_of: Browser, case_id: UUID) -> None:
    centre = client_of("centre_staff")
    made = centre.post(
        f"/desk/cases/{case_id}/beside/group/", {"kind": "activity", "title": "补路日", "plan": "周五一起补"}
    )
    assert made.status_code == 302
    group = CaseGroup.objects.get()
    answer = centre.post(f"/desk/groups/{group.id}/", {"answer": "周五补好，欢迎来帮忙"})
    assert answer.status_code == 302
    assert "周五补好" in centre.get(f"/desk/cases/{case_id}/").content.decode()


def test_a_visit_without_a_kind_is_refused_in_words(client_of: Browser) -> None:
    page = client_of("station_staff").post(
        "/desk/visits/new/", {"area": COMMUNITY, "visited_on": "2026-03-09"}
    )
    assert page.status_code in {200, 422}
    assert not Visit.objects.exists()
    assert client_of("resident").get("/desk/visits/new/").status_code == 403
