"""What staff do to a case: moves, looking at a number, rating for the station; and who may not."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from huakai.audit import queries as audit
from huakai.audit.types import Subject
from huakai.cases.models import Case, Rating
from huakai.cases.types import Taker, TakerKind
from huakai.registry.types import Actor
from tests.cast import DEPARTMENT, Cast
from tests.factories.cases import move, open_one

Who = Callable[[str], Actor]
Browser = Callable[[str], Client]
SHEET = {"HX-Request": "true", "HX-Target": "sheet"}


@pytest.fixture
def demand(actor: Who, now: datetime) -> UUID:
    """A resident's demand, collected."""
    return open_one(actor("resident"), now, service="", category="road", detail="路上有坑，晚上看不见")


def post(client: Client, case_id: UUID, code: str, **data: Any) -> Any:
    return client.post(f"/desk/cases/{case_id}/moves/{code}/", {"client_key": f"{code}-1"} | data)


def test_a_demand_walks_from_desk_to_department_and_back_by_plain_forms(
    demand: UUID, client_of: Browser
) -> None:
    centre, handler = client_of("centre_staff"), client_of("dept_handler")
    assert post(centre, demand, "assign", unit=DEPARTMENT).status_code == 302
    assert "受理" in handler.get(f"/desk/cases/{demand}/").content.decode()
    assert post(handler, demand, "accept").status_code == 302
    assert post(handler, demand, "answer", result="已派人去看").status_code == 302
    assert post(handler, demand, "finish", result="坑已补好").status_code == 302
    case = Case.objects.get(pk=demand)
    assert (case.stage, case.result_text) == ("closed", "坑已补好")
    page = centre.get(f"/desk/cases/{demand}/").content.decode()
    assert "坑已补好" in page
    assert "已派人去看" in page


def test_the_suggested_unit_is_chosen_beforehand(demand: UUID, client_of: Browser) -> None:
    page = client_of("centre_staff").get(f"/desk/cases/{demand}/").content.decode()
    assert '<option value="370402D02" selected>' in page


def test_a_missing_input_is_said_beside_the_field_and_nothing_moves(demand: UUID, client_of: Browser) -> None:
    answer = post(client_of("centre_staff"), demand, "assign", unit="")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="id_unit_error"' in text
    assert "请选择承办单位" in text
    assert Case.objects.get(pk=demand).stage == "collected"


def test_a_reason_is_kept_when_the_form_comes_back(demand: UUID, client_of: Browser) -> None:
    answer = post(client_of("centre_staff"), demand, "cancel", reason=" ")
    assert answer.status_code == 422
    assert "请写明原因" in answer.content.decode()
    long = "长" * 301
    assert long in post(client_of("centre_staff"), demand, "cancel", reason=long).content.decode()


def test_the_sheet_comes_alone_to_htmx(demand: UUID, client_of: Browser) -> None:
    address = f"/desk/cases/{demand}/moves/cancel/"
    text = client_of("centre_staff").get(address, headers=SHEET).content.decode()
    assert text.strip().startswith("<hk-sheet")
    assert "<main" not in text
    whole = client_of("centre_staff").get(address).content.decode()
    assert "<main" in whole


def test_the_same_key_twice_is_one_move(demand: UUID, client_of: Browser) -> None:
    centre = client_of("centre_staff")
    assert post(centre, demand, "assign", unit=DEPARTMENT).status_code == 302
    assert post(centre, demand, "assign", unit=DEPARTMENT).status_code == 302
    names = [e.name for e in audit.history(Subject("case", str(demand)))]
    assert names.count("case.assigned") == 1


@pytest.mark.parametrize("role", ["neighbour_staff", "dept_handler"])
def test_a_neighbour_cannot_move_it(role: str, demand: UUID, client_of: Browser) -> None:
    assert post(client_of(role), demand, "assign", unit=DEPARTMENT).status_code == 404
    assert Case.objects.get(pk=demand).stage == "collected"


@pytest.mark.parametrize("role", ["leader", "auditor"])
def test_who_only_looks_gets_no_buttons_and_no_move(role: str, demand: UUID, client_of: Browser) -> None:
    client = client_of(role)
    assert "/moves/" not in client.get(f"/desk/cases/{demand}/").content.decode()
    assert post(client, demand, "assign", unit=DEPARTMENT).status_code == 422
    assert Case.objects.get(pk=demand).stage == "collected"


def test_a_number_is_shown_once_after_a_reason_and_the_look_is_recorded(
    demand: UUID, client_of: Browser
) -> None:
    client, address = client_of("street_staff"), f"/desk/cases/{demand}/contact/"
    empty = client.post(address, {"reason": ""})
    assert (empty.status_code, "19900000001" in empty.content.decode()) == (422, False)
    shown = client.post(address, {"reason": "电话约时间"})
    assert "19900000001" in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    assert "19900000001" not in client.get(f"/desk/cases/{demand}/").content.decode()
    look = audit.history(Subject("case", str(demand)))[-1]
    assert (look.name, look.after["reason"]) == ("case.contact_seen", "电话约时间")


def test_who_may_not_see_numbers_gets_none(demand: UUID, client_of: Browser) -> None:
    client = client_of("leader")
    assert "/contact/" not in client.get(f"/desk/cases/{demand}/").content.decode()
    assert client.post(f"/desk/cases/{demand}/contact/", {"reason": "想看看"}).status_code == 403


def test_a_station_does_not_rate_where_the_pack_names_no_station(
    cast: Cast, actor: Who, now: datetime, client_of: Browser
) -> None:
    order = open_one(actor("resident"), now, key="rated")
    taker = Taker(TakerKind.PERSON, cast["volunteer"].person_id)
    move(order, "offer", actor("street_staff"), now, taker=taker)
    move(order, "accept", actor("volunteer"), now)
    move(order, "finish", actor("volunteer"), now, result="修好了", minutes=30)
    client = client_of("station_staff")
    assert "/rate/" not in client.get(f"/desk/cases/{order}/").content.decode()
    refused = client.post(f"/desk/cases/{order}/rate/", {"stars": "5"})
    assert (refused.status_code, Rating.objects.count()) == (422, 0)
    assert client.post(f"/desk/cases/{order}/rate/", {"stars": "9"}).status_code == 422
