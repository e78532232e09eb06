"""The registry's machine door: scoped, paged by keyset, masked."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from huakai.registry import services
from huakai.registry.types import SYSTEM
from tests import cast as people
from tests.cast import Cast
from tests.factories import registry as factory

Get = Callable[[str, str], Any]


@pytest.fixture
def get(cast: Cast, client: Client, now: datetime) -> Get:
    """`get("street_staff", "/units")` with a token of that member of the cast."""

    def fetch(role: str, path: str) -> Any:
        token = services.issue_token(
            account_id=cast[role].account_id,
            label="test",
            scopes=("registry:read", "me:read"),
            days=1,
            by=SYSTEM,
            now=now,
        )
        return client.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {token}"})

    return fetch


def test_units_come_in_pages_of_ones_own_subtree(get: Get) -> None:
    first = get("centre_staff", "/units?limit=4").json()
    second = get("centre_staff", f"/units?limit=10&cursor={first['next']}").json()
    codes = [u["code"] for u in first["items"] + second["items"]]
    assert codes == sorted(codes)
    assert len(codes) == 10
    assert second["next"] == ""
    streets = get("street_staff", "/units?kind=community&on=2026-01-01").json()["items"]
    assert [u["code"] for u in streets] == [people.COMMUNITY, "370402002002"]


def test_one_unit_is_for_those_who_may(get: Get) -> None:
    assert get("street_staff", f"/units/{people.COMMUNITY}").json()["name"] == "十电社区"
    assert get("street_staff", f"/units/{people.OTHER_COMMUNITY}").status_code == 403
    assert get("stranger", f"/units/{people.COMMUNITY}").status_code == 403
    assert get("centre_staff", "/units/370402777").status_code == 404


def test_levels_are_counted(get: Get) -> None:
    factory.make_place("S1", kind="station", unit=people.COMMUNITY)
    rows = get("street_staff", "/levels").json()
    assert [(r["kind"], r["count"], r["due"]) for r in rows] == [
        ("centre", 0, 0),
        ("institute", 0, 1),
        ("station", 1, 2),
    ]
    assert get("street_staff", f"/levels?under={people.OTHER_STREET}").status_code == 403


def test_teams_show_their_leader_masked(get: Get) -> None:
    page = get("station_staff", "/teams?words=帮帮").json()
    assert [(t["leader"], t["members"]) for t in page["items"]] == [("刘*", 1)]
    assert get("neighbour_staff", "/teams").json()["items"] == []


def test_me_tells_the_rights_of_the_token(get: Get, client: Client) -> None:
    me = get("dept_handler", "/me").json()
    assert me["roles"] == ["resident", "dept_handler"]
    assert me["permissions"]["case.view"] == [people.DEPARTMENT]
    assert "周强" not in str(me)
    assert client.get("/api/v1/me").status_code == 401
