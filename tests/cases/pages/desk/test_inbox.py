"""The inbox of the desk: who sees what, tabs, filters, the pane, and how many queries it costs."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from huakai.cases import services
from huakai.kernel.clock import FixedClock
from huakai.registry.types import Actor
from tests.cast import COMMUNITY, OTHER_COMMUNITY, OTHER_STREET
from tests.factories.cases import move, open_one

Who = Callable[[str], Actor]
Browser = Callable[[str], Client]
PANE = {"HX-Request": "true", "HX-Target": "pane"}


@pytest.fixture
def repair(actor: Who, now: datetime) -> UUID:
    """A repair ordered in the cast's street."""
    return open_one(actor("resident"), now)


def test_staff_sees_the_cases_of_its_street_and_no_neighbour_does(repair: UUID, client_of: Browser) -> None:
    mine = client_of("street_staff").get("/desk/").content.decode()
    assert f"/desk/cases/{repair}/" in mine
    assert "家电小修" in mine
    assert f"/desk/cases/{repair}/" not in client_of("neighbour_staff").get("/desk/").content.decode()
    assert client_of("neighbour_staff").get(f"/desk/cases/{repair}/").status_code == 404


@pytest.mark.parametrize("role", ["resident", "stranger", "volunteer"])
def test_residents_are_not_let_to_the_desk(role: str, repair: UUID, client_of: Browser) -> None:
    assert client_of(role).get("/desk/").status_code == 403
    assert client_of(role).get(f"/desk/cases/{repair}/").status_code == 403


def test_staff_without_cases_lands_on_its_own_first_page(client_of: Browser) -> None:
    answer = client_of("board_clerk").get("/desk/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/desk/")


def test_the_pane_alone_is_sent_to_htmx_and_masks_the_caller(repair: UUID, client_of: Browser) -> None:
    answer = client_of("street_staff").get(f"/desk/cases/{repair}/", headers=PANE)
    text = answer.content.decode()
    assert text.strip().startswith("<aside")
    assert "<table" not in text
    assert "199****0001" in text
    assert "19900000001" not in text
    assert f"/desk/dispatch/{repair}/" in text


def test_tabs_narrow_and_count(repair: UUID, actor: Who, client_of: Browser, now: datetime) -> None:
    done = open_one(actor("resident"), now, key="k2", service="", category="road", detail="路上有坑")
    move(done, "cancel", actor("resident"), now, reason="不用了")
    waiting = client_of("street_staff").get("/desk/?tab=waiting").content.decode()
    assert (str(repair) in waiting, str(done) in waiting) == (True, False)
    assert str(repair) not in client_of("street_staff").get("/desk/?tab=closed").content.decode()
    everything = client_of("street_staff").get("/desk/").content.decode()
    assert '<b class="count">2</b>' in everything


def test_an_order_that_ran_out_of_time_says_so(
    repair: UUID, client_of: Browser, clock: FixedClock, now: datetime
) -> None:
    clock.at = now + timedelta(days=1)
    page = client_of("street_staff").get("/desk/?tab=overdue").content.decode()
    assert "已超时" in page
    assert "超 " in page
    assert str(repair) in page


@pytest.mark.parametrize(
    ("query", "is_there"),
    [
        ("?q=电扇", True),
        ("?q=没有这样的词", False),
        ("?q=19900000001", True),
        ("?category=elder_care", False),
        ("?channel=phone_page", True),
        ("?caller=enterprise", False),
        (f"?area={COMMUNITY}", True),
        (f"?area={OTHER_STREET}", False),
        ("?order=due", True),
    ],
)
def test_search_and_filters_narrow(query: str, is_there: bool, repair: UUID, client_of: Browser) -> None:
    services.index_case(repair)
    assert (str(repair) in client_of("centre_staff").get(f"/desk/{query}").content.decode()) is is_there


def test_a_wrong_cursor_is_answered_in_words(client_of: Browser, repair: UUID) -> None:
    answer = client_of("street_staff").get("/desk/?cursor=xyz")
    assert answer.status_code == 422
    assert "翻页位置无效" in answer.content.decode()


def test_a_list_of_fifty_costs_as_many_queries_as_a_list_of_five(
    actor: Who, now: datetime, client_of: Browser, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(55):
        open_one(actor("resident"), now, key=f"many-{number}")
    client = client_of("centre_staff")
    client.get("/desk/")
    with django_assert_max_num_queries(8):
        page = client.get("/desk/").content.decode()
    assert page.count("data-row") == 50
    assert 'rel="next"' in page


def test_one_case_costs_few_queries(
    repair: UUID, client_of: Browser, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of("street_staff")
    client.get(f"/desk/cases/{repair}/", headers=PANE)
    with django_assert_max_num_queries(8):
        client.get(f"/desk/cases/{repair}/", headers=PANE)


def test_the_desk_speaks_english(repair: UUID, client_of: Browser) -> None:
    client = client_of("street_staff")
    client.cookies["huakai_language"] = "en"
    page = client.get(f"/desk/cases/{repair}/").content.decode()
    assert "Dispatch desk" in page
    assert "Appliance repair" in page


def test_another_community_of_the_same_street_is_closed_to_a_station(
    actor: Who, now: datetime, client_of: Browser
) -> None:
    there = open_one(actor("neighbour"), now, area_code=OTHER_COMMUNITY)
    assert client_of("station_staff").get(f"/desk/cases/{there}/").status_code == 404
