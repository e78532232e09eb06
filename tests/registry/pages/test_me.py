"""One's own page, and becoming a volunteer."""

from collections.abc import Callable

from django.test import Client

from huakai.registry import queries
from huakai.registry.types import Actor
from tests import cast as people
from tests.cast import Cast

ClientOf = Callable[[str], Client]


def test_the_stranger_gives_a_name_and_becomes_a_volunteer(
    cast: Cast, client_of: ClientOf, actor: Callable[[str], Actor]
) -> None:
    phone = client_of("stranger")
    assert phone.get("/m/volunteer/").status_code == 200
    bad = phone.post("/m/volunteer/", {"capacity_per_week": "many"})
    assert bad.status_code == 422
    assert "请至少选择一项" in bad.content.decode()
    good = {"unit_code": people.COMMUNITY, "skills": ["repair", "law"], "capacity_per_week": "2"}
    assert phone.post("/m/volunteer/", {**good, "capacity_per_week": "0"}).status_code == 422
    assert phone.post("/m/volunteer/", good)["Location"] == "/m/me/"
    assert "volunteer" in actor("stranger").roles
    assert "可接单" in phone.get("/m/me/").content.decode()
    assert phone.post("/m/volunteer/pause/").status_code == 302
    assert "暂停接单" in phone.get("/m/me/").content.decode()


def test_the_profile_is_changed_and_a_wrong_home_is_said(cast: Cast, client_of: ClientOf) -> None:
    phone = client_of("resident")
    assert phone.post("/m/me/", {"home_code": "999"}).status_code == 422
    answer = phone.post("/m/me/", {"name": "王大英", "honorific": "女士", "home_code": people.COMMUNITY})
    assert answer["Location"] == "/m/me/"
    card = queries.person_card(cast["resident"].person_id)
    assert card is not None
    assert card.name == "王女士"


def test_a_visitor_signs_in_first(client: Client, cast: Cast) -> None:
    assert client.get("/m/me/")["Location"].startswith("/signin/")
    assert client.post("/m/volunteer/pause/")["Location"].startswith("/signin/")


def test_staff_and_team_members_find_their_way_from_here(client_of: ClientOf) -> None:
    assert "进入工作台" in client_of("street_staff").get("/m/me/").content.decode()
    assert "十电社区帮帮团" in client_of("volunteer").get("/m/me/").content.decode()
    assert "进入工作台" not in client_of("resident").get("/m/me/").content.decode()
