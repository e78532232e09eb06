"""The machine door of matching: proposals for those who dispatch there."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client

from huakai.audit import services as audit
from huakai.registry import services as registry
from huakai.registry.types import SYSTEM, Actor
from tests.cast import Cast
from tests.factories.cases import open_one


@pytest.mark.django_db
def test_who_dispatches_there_reads_proposals_with_reasons(
    client: Client, cast: Cast, actor: Callable[[str], Actor], now: datetime
) -> None:
    case = open_one(actor("resident"), now)
    audit.deliver_pending()

    def ask(role: str) -> tuple[int, dict[str, list[dict[str, list[str]]]]]:
        token = registry.issue_token(
            account_id=cast[role].account_id, label="test", scopes=("cases:read",), days=1, by=SYSTEM, now=now
        )
        answer = client.get(
            f"/api/v1/cases/{case}/proposals", headers={"Authorization": f"Bearer {token}"}
        )
        return answer.status_code, answer.json()

    status, found = ask("street_staff")
    assert status == 200
    assert found["lines"][0]["reasons"]
    assert ask("neighbour_staff")[0] == 404
    assert ask("resident")[0] == 403
