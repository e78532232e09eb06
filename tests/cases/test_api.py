"""The machine door: tokens, idempotency, cursors, problems in words, and how many queries each call costs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from huakai.audit import services as audit
from huakai.registry.types import Actor
from tests.cast import OTHER_COMMUNITY, Cast
from tests.factories.api import ORDER, Api
from tests.factories.cases import open_one

Who = Callable[[str], Actor]


@contextmanager
def at_most(queries: int) -> Iterator[None]:
    """The block may ask the database at most so many times."""
    with CaptureQueriesContext(connection) as asked:
        yield
    assert len(asked) <= queries, "\n".join(q["sql"][:160] for q in asked)


def test_opening_costs_three_queries_and_the_key_makes_it_one(api: Api) -> None:
    api("resident", "get", "/catalogue")
    with at_most(3):
        first = api("resident", "post", "/cases", key="a1", data=ORDER)
    again = api("resident", "post", "/cases", key="a1", data=ORDER)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]


def test_a_list_of_fifty_costs_two_queries_and_a_detail_five(api: Api, actor: Who, now: datetime) -> None:
    made = [open_one(actor("resident"), now, f"k{n}") for n in range(60)]
    api("centre_staff", "get", "/cases")
    for limit in (5, 50):
        with at_most(2):
            page = api("centre_staff", "get", f"/cases?limit={limit}").json()
        assert len(page["rows"]) == limit
    audit.deliver_pending()
    with at_most(5):
        card = api("centre_staff", "get", f"/cases/{made[0]}").json()
    assert card["row"]["requester"] == "王**"
    assert "3栋" not in str(card)


def test_cursors_walk_through_everything_once(api: Api, actor: Who, now: datetime) -> None:
    made = {str(open_one(actor("resident"), now, f"k{n}")) for n in range(7)}
    seen, cursor = [], ""
    while cursor is not None:
        page = api("centre_staff", "get", f"/cases?limit=3&cursor={cursor}").json()
        seen += [row["id"] for row in page["rows"]]
        cursor = page["next_cursor"]
    assert len(seen) == 7
    assert set(seen) == made


@pytest.mark.parametrize(
    ("role", "method", "path", "body", "status", "code"),
    [
        ("resident", "post", "/cases", ORDER | {"area_code": "370402999999"}, 422, "area_unknown"),
        ("resident", "post", "/cases", ORDER | {"lon": 999}, 422, "input_invalid"),
        ("resident", "get", "/cases/00000000-0000-0000-0000-000000000001", None, 404, "case_unknown"),
        ("resident", "get", "/panel", None, 403, "not_allowed"),
        ("centre_staff", "get", "/cases?cursor=xyz", None, 422, "cursor_wrong"),
    ],
)
def test_refusals_are_problems_in_words(
    api: Api, role: str, method: str, path: str, body: Any, status: int, code: str
) -> None:
    answer = api(role, method, path, key="x1", **({"data": body} if body else {}))
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["title"] == code
    assert answer.json()["detail"]


def test_english_readers_get_english_refusals(api: Api, client: Client) -> None:
    headers = {
        "Authorization": f"Bearer {api.token('resident')}",
        "Accept-Language": "en",
        "Idempotency-Key": "x",
    }
    body = ORDER | {"area_code": "370402999999"}
    answer = client.post("/api/v1/cases", body, content_type="application/json", headers=headers)
    assert answer.json()["detail"].isascii()


def test_without_a_token_nothing_is_told(client: Client, shizhong: object) -> None:
    assert client.get("/api/v1/cases").status_code == 401
    assert client.get("/api/v1/cases", headers={"Authorization": "Bearer nonsense"}).status_code == 401


def test_the_loop_through_the_api(api: Api, cast: Cast) -> None:
    case = api("resident", "post", "/cases", key="o", data=ORDER).json()["id"]
    audit.deliver_pending()
    best = api("street_staff", "get", f"/cases/{case}/proposals").json()["lines"][0]
    assert best["reasons"]
    taker = {"move": "offer", "taker_kind": "person", "taker_id": str(cast["volunteer"].person_id)}
    assert (
        api("street_staff", "post", f"/cases/{case}/moves", key="1", data=taker).json()["stage"] == "offered"
    )
    api("volunteer", "post", f"/cases/{case}/moves", key="2", data={"move": "accept"})
    done = {"move": "finish", "result": "修好了", "minutes": 60}
    assert api("volunteer", "post", f"/cases/{case}/moves", key="3", data=done).json()["stage"] == "closed"
    assert api("resident", "post", f"/cases/{case}/rating", key="4", data={"stars": 5}).status_code == 204
    assert api("volunteer", "get", "/ledger/me").json()["minutes"] == 60
    panel = api("centre_staff", "get", "/panel?by=area").json()
    assert (panel["total"]["collected"], panel["total"]["rate"]) == (1, "100.00")


def test_a_neighbour_street_sees_nothing_of_it(api: Api) -> None:
    case = api("resident", "post", "/cases", key="o", data=ORDER).json()["id"]
    assert api("neighbour_staff", "get", f"/cases/{case}").status_code == 404
    assert api("neighbour_staff", "get", "/cases").json()["rows"] == []
    own = api("neighbour", "post", "/cases", key="o", data=ORDER | {"area_code": OTHER_COMMUNITY})
    assert own.status_code == 201


def test_a_proposal_of_the_routing_table_says_unit_rule_and_reason(api: Api) -> None:
    query = "area_code=370402002001&category=road"
    found = api("centre_staff", "get", f"/routing/proposal?{query}").json()
    assert (found["unit_code"], found["rule"]) == ("370402D02", 10)
    assert found["unit_name"] == "区住房和城乡建设局"
    odd = f"/routing/proposal?{query}&answer=item=odd&answer=x=y=z"
    assert api("centre_staff", "get", odd).json()["rule"] == 3


def test_a_proposal_is_for_staff_of_the_area(api: Api) -> None:
    address = "/routing/proposal?area_code=370402002001"
    assert api("street_staff", "get", address).status_code == 200
    for role in ("neighbour_staff", "resident", "stranger"):
        assert api(role, "get", address).status_code == 403
    unknown = "/routing/proposal?area_code=370402099"
    assert api("centre_staff", "get", unknown).status_code == 404
