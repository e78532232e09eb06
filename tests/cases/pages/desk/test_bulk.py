"""Several cases at once from the inbox: tick, look at what would happen, then act."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from huakai.cases.models import Case
from huakai.registry.types import Actor
from tests.cast import DEPARTMENT, OTHER_COMMUNITY
from tests.factories.cases import move, open_one

Who = Callable[[str], Actor]
Browser = Callable[[str], Client]
ROAD = {"service": "", "category": "road", "detail": "路面有坑"}


@pytest.fixture
def ticked(actor: Who, now: datetime) -> list[str]:
    """Two demands to assign and one that is cancelled already."""
    ids = [open_one(actor("resident"), now, key, **ROAD) for key in ("a", "b", "c")]
    move(ids[2], "cancel", actor("resident"), now, reason="不用了")
    return [str(each) for each in ids]


def test_the_inbox_offers_to_tick_and_to_handle_several(client_of: Browser, ticked: list[str]) -> None:
    page = client_of("centre_staff").get("/desk/").content.decode()
    assert f'name="case" value="{ticked[0]}"' in page
    assert 'action="/desk/cases/bulk/"' in page


def test_a_look_changes_nothing_and_says_which_would_fail(client_of: Browser, ticked: list[str]) -> None:
    centre = client_of("centre_staff")
    form = {"case": ticked[:2], "act": "move:assign", "unit": DEPARTMENT, "client_key": "k"}
    look = centre.post("/desk/cases/bulk/", form | {"step": "look"}).content.decode()
    assert "2件里有2件可以办" in look
    assert set(Case.objects.filter(pk__in=ticked[:2]).values_list("stage", flat=True)) == {"collected"}
    done = centre.post("/desk/cases/bulk/", form | {"step": "do"}).content.decode()
    assert "2件里办好了2件" in done
    assert set(Case.objects.filter(pk__in=ticked[:2]).values_list("lead_unit_code", flat=True)) == {
        DEPARTMENT
    }


def test_cases_of_another_street_cannot_be_ticked(client_of: Browser, actor: Who, now: datetime) -> None:
    there = open_one(actor("neighbour"), now, "n", area_code=OTHER_COMMUNITY, **ROAD)
    page = client_of("street_staff").post("/desk/cases/bulk/", {"case": [str(there)]}).content.decode()
    assert "还没有勾选单子" in page


def test_residents_have_no_such_page(client_of: Browser, ticked: list[str]) -> None:
    assert client_of("resident").post("/desk/cases/bulk/", {"case": ticked}).status_code == 403
