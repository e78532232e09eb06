"""The machine door of the boards: what the token's holder may see, and no more."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from huakai.registry import services as registry
from huakai.registry.types import SYSTEM, Actor
from tests.cast import Cast
from tests.factories.evaluation import frozen_board, stand_units

Who = Callable[[str], Actor]


@pytest.fixture
def ask(client: Client, cast: Cast, now: datetime) -> Callable[..., tuple[int, Any]]:
    """`ask("leader", "/boards")`: status and JSON, asked with a token of that role."""

    def asked(role: str, path: str, scope: str = "boards:read") -> tuple[int, Any]:
        token = registry.issue_token(
            account_id=cast[role].account_id, label="test", scopes=(scope,), days=1, by=SYSTEM, now=now
        )
        answer = client.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {token}"})
        return answer.status_code, answer.json()

    return asked


def test_a_board_is_read_with_its_lists_and_its_working(
    ask: Callable[..., Any], actor: Who, now: datetime
) -> None:
    stand_units()
    issue = frozen_board(actor("board_clerk"), now)
    status, found = ask("leader", "/boards")
    assert (status, [row["id"] for row in found["issues"]]) == (200, [str(issue)])
    status, found = ask("leader", f"/boards/{issue}")
    assert (status, found["state"], len(found["content_hash"])) == (200, "frozen", 64)
    firms = found["board"]["sections"][1]["items"][6]["parts"][0]
    assert [row["tied"] for row in firms["red"]["rows"]] == [0, 3]
    assert firms["standings"][0]["inputs"][0]["value"]


def test_a_street_does_not_read_an_unpublished_board(
    ask: Callable[..., Any], actor: Who, now: datetime
) -> None:
    stand_units()
    issue = frozen_board(actor("board_clerk"), now)
    assert ask("street_staff", f"/boards/{issue}")[0] == 403


def test_a_token_of_a_resident_or_of_another_scope_gets_nothing(
    ask: Callable[..., Any], actor: Who, now: datetime
) -> None:
    stand_units()
    issue = frozen_board(actor("board_clerk"), now)
    assert ask("resident", f"/boards/{issue}")[0] in (403, 404)
    assert ask("leader", "/boards", scope="cases:read")[0] == 403
