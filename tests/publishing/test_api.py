"""The machine door of webhooks: peers, letters, trying the dead ones again."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest
from django.test import Client

from huakai.publishing import services
from huakai.publishing.models import Letter
from huakai.registry import services as registry
from huakai.registry.types import SYSTEM, Actor
from tests.cast import Cast
from tests.factories.publishing import add_peer


@pytest.fixture
def peer(actor: Callable[[str], Actor], now: datetime) -> UUID:
    """A peer with two dead letters."""
    admin = actor("admin")
    made, _ = add_peer(admin, now)
    for _ in range(2):
        services.send_test(peer_id=made, by=admin, now=now)
    Letter.objects.update(state="dead", tries=10, next_try_at=None)
    return made


@pytest.fixture
def headers(cast: Cast, now: datetime) -> Callable[..., dict[str, str]]:
    """`headers("admin", "webhooks:read")`: a bearer token of that role with those scopes."""

    def made(role: str, *scopes: str) -> dict[str, str]:
        token = registry.issue_token(
            account_id=cast[role].account_id, label="t", scopes=scopes, days=1, by=SYSTEM, now=now
        )
        return {"Authorization": f"Bearer {token}"}

    return made


def test_peers_and_letters_are_listed_without_a_secret(
    client: Client, peer: UUID, headers: Callable[..., dict[str, str]]
) -> None:
    token = headers("admin", "webhooks:read")
    listed = client.get("/api/v1/webhooks", headers=token)
    assert [(p["id"], p["dead"], p["waiting"]) for p in listed.json()["items"]] == [(str(peer), 2, 0)]
    assert "secret" not in listed.content.decode()
    page = client.get(f"/api/v1/webhooks/{peer}/letters?state=dead&limit=1", headers=token).json()
    assert [(row["seq"], row["state"]) for row in page["rows"]] == [(2, "dead")]
    assert page["next_before"] == 2


def test_dead_letters_are_tried_again(
    client: Client, peer: UUID, headers: Callable[..., dict[str, str]]
) -> None:
    token = headers("admin", "webhooks:write")
    first = Letter.objects.get(seq=1).pk
    address = f"/api/v1/webhooks/{peer}/letters/{first}/retry"
    assert client.post(address, headers=token).status_code == 204
    assert client.post(address, headers=token).json()["title"] == "letter_not_dead"
    assert client.post(f"/api/v1/webhooks/{peer}/retry", headers=token).json() == {"letters": 1}


def test_reading_is_not_writing_and_others_do_neither(
    client: Client, peer: UUID, headers: Callable[..., dict[str, str]]
) -> None:
    retry = f"/api/v1/webhooks/{peer}/retry"
    assert client.post(retry, headers=headers("admin", "webhooks:read")).status_code == 403
    assert client.post(retry, headers=headers("street_staff", "webhooks:write")).status_code == 403
    assert client.get("/api/v1/webhooks", headers=headers("stranger", "webhooks:read")).status_code == 403
    assert client.get("/api/v1/webhooks").status_code == 401
