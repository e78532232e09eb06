"""The machine door of the ledger: one's own book, and nobody else's."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from huakai.cases import services as cases
from huakai.cases.types import MoveInput, Taker, TakerKind
from huakai.registry import services as registry
from huakai.registry.types import SYSTEM, Actor
from tests.cast import Cast
from tests.factories.cases import open_one

Who = Callable[[str], Actor]


def book(
    client: Client, cast: Cast, role: str, now: datetime, scope: str = "ledger:read"
) -> tuple[int, dict[str, object]]:
    """Status and book, asked with a token of that role."""
    token = registry.issue_token(
        account_id=cast[role].account_id, label="test", scopes=(scope,), days=1, by=SYSTEM, now=now
    )
    answer = client.get("/api/v1/ledger/me", headers={"Authorization": f"Bearer {token}"})
    return answer.status_code, answer.json()


@pytest.mark.django_db
def test_the_book_holds_what_was_served_and_only_ones_own(
    client: Client, cast: Cast, actor: Who, now: datetime
) -> None:
    case = open_one(actor("resident"), now)
    taker = Taker(TakerKind.PERSON, cast["volunteer"].person_id)
    steps = [
        ("offer", MoveInput(taker=taker), "centre_staff"),
        ("accept", MoveInput(), "volunteer"),
        ("finish", MoveInput(result="修好了", minutes=50), "volunteer"),
    ]
    for move, given, role in steps:
        cases.move_case(case_id=case, move=move, given=given, by=actor(role), now=now)
    status, mine = book(client, cast, "volunteer", now)
    assert (status, mine["minutes"]) == (200, 50)
    assert len(list(mine["entries"])) >= 1  # type: ignore[call-overload]
    assert book(client, cast, "neighbour", now)[1]["minutes"] == 0


@pytest.mark.django_db
def test_a_token_without_the_scope_is_refused_in_words(client: Client, cast: Cast, now: datetime) -> None:
    status, problem = book(client, cast, "volunteer", now, scope="cases:read")
    assert status == 403
    assert "ledger:read" in str(problem["detail"])


@pytest.mark.django_db
def test_without_a_token_there_is_no_book(client: Client, cast: Cast) -> None:
    assert client.get("/api/v1/ledger/me").status_code == 401
