"""Dispatch on the desk: reasons in words, one click, a choice by hand, and refusals that say why."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest
from django.test import Client

from huakai.cases.models import Assignment, Case
from huakai.matching import services
from huakai.registry.types import Actor
from tests.cast import Cast
from tests.factories.cases import move, open_one

Who = Callable[[str], Actor]
Browser = Callable[[str], Client]
PART = {"HX-Request": "true", "HX-Target": "proposals"}


@pytest.fixture
def repair(actor: Who, now: datetime) -> UUID:
    """A repair with its proposals made."""
    case_id = open_one(actor("resident"), now)
    services.propose(case_id=case_id, cause="test:1", now=now)
    return case_id


def test_the_pane_asks_for_recommendations_and_gets_them_with_reasons(
    repair: UUID, client_of: Browser
) -> None:
    client = client_of("station_staff")
    assert f'hx-get="/desk/dispatch/{repair}/"' in client.get(f"/desk/cases/{repair}/").content.decode()
    text = client.get(f"/desk/dispatch/{repair}/", headers=PART).content.decode()
    assert "<main" not in text
    assert "十电社区帮帮团" in text
    assert "还能接" in text
    assert text.count('data-key="d"') == 1


def test_one_click_offers_to_the_recommended(repair: UUID, cast: Cast, client_of: Browser) -> None:
    client = client_of("station_staff")
    answer = client.post(f"/desk/dispatch/{repair}/", {"client_key": "c1", "taker": f"team:{cast.team_id}"})
    assert (answer.status_code, answer["Location"]) == (302, f"/desk/cases/{repair}/")
    again = client.post(f"/desk/dispatch/{repair}/", {"client_key": "c1", "taker": f"team:{cast.team_id}"})
    assert again.status_code == 302
    offer = Assignment.objects.get()
    assert (offer.team_id, offer.state) == (cast.team_id, "offered")
    assert Case.objects.get(pk=repair).stage == "offered"
    assert "等待答复" in client.get(f"/desk/cases/{repair}/").content.decode()


def test_htmx_is_sent_back_to_the_case_after_the_click(repair: UUID, cast: Cast, client_of: Browser) -> None:
    given = {"taker": f"person:{cast['volunteer'].person_id}", "next": f"/desk/cases/{repair}/?tab=waiting"}
    answer = client_of("station_staff").post(f"/desk/dispatch/{repair}/", given, headers=PART)
    assert (answer.status_code, answer["HX-Redirect"]) == (204, given["next"])


@pytest.mark.parametrize("taker", ["", "moon:1", "unit:00000000-0000-0000-0000-000000000001"])
def test_a_wrong_choice_is_refused_in_words(taker: str, repair: UUID, client_of: Browser) -> None:
    answer = client_of("station_staff").post(f"/desk/dispatch/{repair}/", {"taker": taker}, headers=PART)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not Assignment.objects.exists()


def test_the_one_who_ordered_is_not_offered_their_own_order(
    repair: UUID, cast: Cast, client_of: Browser
) -> None:
    given = {"taker": f"person:{cast['resident'].person_id}"}
    answer = client_of("station_staff").post(f"/desk/dispatch/{repair}/", given)
    assert "不能派给点单人自己" in answer.content.decode()


@pytest.mark.parametrize(
    ("role", "status"), [("neighbour_staff", 404), ("leader", 403), ("volunteer", 403), ("stranger", 403)]
)
def test_who_may_not_dispatch_here_is_refused(
    role: str, status: int, repair: UUID, cast: Cast, client_of: Browser
) -> None:
    given = {"taker": f"team:{cast.team_id}"}
    assert client_of(role).post(f"/desk/dispatch/{repair}/", given).status_code == status
    assert client_of(role).get(f"/desk/dispatch/{repair}/").status_code == status
    assert not Assignment.objects.exists()


def test_ranking_again_makes_a_new_round(repair: UUID, client_of: Browser) -> None:
    answer = client_of("station_staff").post(f"/desk/dispatch/{repair}/", {"refresh": "1"})
    assert answer.status_code == 302


def test_before_the_first_round_the_pane_waits_and_asks_again(
    actor: Who, now: datetime, client_of: Browser
) -> None:
    fresh = open_one(actor("resident"), now, key="fresh")
    text = client_of("station_staff").get(f"/desk/dispatch/{fresh}/", headers=PART).content.decode()
    assert "<hk-poll" in text


def test_a_case_that_is_taken_needs_no_dispatch(
    repair: UUID, actor: Who, now: datetime, client_of: Browser
) -> None:
    move(repair, "cancel", actor("resident"), now, reason="不用了")
    text = client_of("station_staff").get(f"/desk/dispatch/{repair}/").content.decode()
    assert "现在不用派单" in text
