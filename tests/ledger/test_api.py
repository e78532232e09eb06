"""One's own book through the machine door."""

from collections.abc import Callable
from datetime import datetime

from django.test import Client

from huakai.registry.types import Actor
from tests.factories.api import Api
from tests.factories.cases import move, open_one


def test_the_book_is_ones_own_and_adds_up(api: Api, actor: Callable[[str], Actor], now: datetime) -> None:
    case_id = open_one(actor("resident"), now)
    move(case_id, "claim", actor("volunteer"), now)
    move(case_id, "finish", actor("volunteer"), now, result="修好了", minutes=60)
    book = api("volunteer", "get", "/ledger/me").json()
    assert (book["minutes"], book["points"]) == (60, 10)
    assert sum(entry["amount"] for entry in book["entries"] if entry["kind"] == "minutes") == 60
    assert api("resident", "get", "/ledger/me").json()["entries"] == []


def test_without_a_token_no_book_opens(client: Client, shizhong: object) -> None:
    assert client.get("/api/v1/ledger/me").status_code == 401
