"""Sending: in order, signed, tried again with growing waits, given up in the end."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from pytest_django.fixtures import Settings

from huakai.audit import queries as audit
from huakai.audit.types import Subject
from huakai.cases import queries as cases
from huakai.kernel.clock import FixedClock
from huakai.publishing import client, queries, services
from huakai.publishing.models import Letter, Peer
from huakai.publishing.types import Answer, Trouble
from huakai.registry.types import Actor
from tests.factories.cases import open_one
from tests.factories.publishing import BROKEN, CITY, TAKEN, FakeCarrier, add_peer


@pytest.fixture
def admin(actor: Callable[[str], Actor]) -> Actor:
    return actor("admin")


@pytest.fixture
def carrier() -> Iterator[FakeCarrier]:
    """What the outside world is in these tests."""
    fake = FakeCarrier()
    client.install(fake)
    yield fake
    client.uninstall(fake)


def _send(peer: object, clock: FixedClock) -> int:
    return services.send_letters(peer_id=peer, clock=clock, spread=lambda: 0.5)  # type: ignore[arg-type]


def _verified(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """What a receiver does, written from the specification."""
    key = base64.b64decode(secret.split("_")[1])
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return f"v1,{wanted}" in headers["webhook-signature"].split(" ")


def test_letters_go_out_in_order_signed_and_once(
    admin: Actor, clock: FixedClock, carrier: FakeCarrier
) -> None:
    peer, secret = add_peer(admin, clock.at)
    ids = [services.send_test(peer_id=peer, by=admin, now=clock.at) for _ in range(3)]
    assert _send(peer, clock) == 3
    assert _send(peer, clock) == 0
    assert [json.loads(p.body)["seq"] for p in carrier.posted] == [1, 2, 3]
    assert [p.headers["webhook-id"] for p in carrier.posted] == [f"msg_{i.hex}" for i in ids]
    assert all(_verified(secret, dict(p.headers), p.body) for p in carrier.posted)
    assert not carrier.posted[0].private_allowed
    row = queries.letter_page(admin, peer).rows[0]
    assert (row.state, row.tries, row.last_status, row.sent_at) == ("sent", 1, 204, clock.at)
    assert queries.peer_row(admin, peer).last_sent_at == clock.at


def test_a_failing_letter_holds_up_those_behind_it(
    admin: Actor, clock: FixedClock, carrier: FakeCarrier
) -> None:
    peer, _ = add_peer(admin, clock.at)
    for _ in range(2):
        services.send_test(peer_id=peer, by=admin, now=clock.at)
    carrier.answers = [BROKEN, Answer(trouble=Trouble.TOO_SLOW), TAKEN]
    assert _send(peer, clock) == 1
    assert _send(peer, clock) == 0
    assert queries.peer_row(admin, peer).failing
    clock.at += timedelta(seconds=10)
    assert _send(peer, clock) == 1
    clock.at += timedelta(seconds=30)
    assert _send(peer, clock) == 2
    assert [json.loads(p.body)["seq"] for p in carrier.posted] == [1, 1, 1, 2]
    assert len({p.headers["webhook-id"] for p in carrier.posted}) == 2
    assert len({p.headers["webhook-timestamp"] for p in carrier.posted[:3]}) == 3


def test_after_ten_tries_a_letter_is_dead_and_the_next_goes_on(
    admin: Actor, clock: FixedClock, carrier: FakeCarrier
) -> None:
    peer, _ = add_peer(admin, clock.at)
    started = clock.at
    for _ in range(2):
        services.send_test(peer_id=peer, by=admin, now=clock.at)
    carrier.answers = [*[Answer(status=503)] * 10, TAKEN]
    for _ in range(12):
        _send(peer, clock)
        head = Letter.objects.filter(state="failed").first()
        clock.at = (head.next_try_at if head else None) or clock.at
    dead, sent = Letter.objects.order_by("seq")
    assert (dead.state, dead.tries, dead.last_status, sent.state) == ("dead", 10, 503, "sent")
    assert timedelta(hours=24) < clock.at - started < timedelta(hours=30)
    assert audit.history(Subject("peer", str(peer)))[-1].name == "webhook.died"
    services.retry_dead(peer_id=peer, by=admin, now=clock.at)
    assert _send(peer, clock) == 1
    assert queries.peer_row(admin, peer).dead == 0


def test_a_peer_that_is_gone_is_paused(admin: Actor, clock: FixedClock, carrier: FakeCarrier) -> None:
    peer, _ = add_peer(admin, clock.at)
    services.send_test(peer_id=peer, by=admin, now=clock.at)
    carrier.answers = [Answer(status=410), TAKEN]
    assert _send(peer, clock) == 1
    assert "410" in queries.peer_row(admin, peer).paused_reason
    services.resume_peer(peer_id=peer, by=admin, now=clock.at)
    assert _send(peer, clock) == 1
    assert Letter.objects.get().state == "sent"


def test_a_redirect_is_a_failure(admin: Actor, clock: FixedClock, carrier: FakeCarrier) -> None:
    peer, _ = add_peer(admin, clock.at)
    services.send_test(peer_id=peer, by=admin, now=clock.at)
    carrier.answers = [Answer(status=302)]
    _send(peer, clock)
    assert Letter.objects.get().state == "failed"


def test_a_paused_peer_is_left_alone(admin: Actor, clock: FixedClock, carrier: FakeCarrier) -> None:
    peer, _ = add_peer(admin, clock.at)
    services.send_test(peer_id=peer, by=admin, now=clock.at)
    services.pause_peer(peer_id=peer, reason="检修", by=admin, now=clock.at)
    assert _send(peer, clock) == 0
    assert carrier.posted == []


def test_the_deployment_decides_about_http_and_private_addresses(
    admin: Actor, clock: FixedClock, carrier: FakeCarrier, settings: Settings
) -> None:
    settings.WEBHOOK_HTTP_HOSTS = settings.WEBHOOK_PRIVATE_HOSTS = frozenset({"inner.example"})
    peer, _ = add_peer(admin, clock.at, replace(CITY, url="http://inner.example/x"))
    services.send_test(peer_id=peer, by=admin, now=clock.at)
    _send(peer, clock)
    assert carrier.posted[0].private_allowed
    settings.WEBHOOK_HTTP_HOSTS = frozenset()
    services.send_test(peer_id=peer, by=admin, now=clock.at)
    _send(peer, clock)
    assert len(carrier.posted) == 1
    assert Letter.objects.get(seq=2).trouble == "url"


def test_a_case_closed_to_outsiders_meanwhile_is_not_told(
    actor: Callable[[str], Actor],
    admin: Actor,
    clock: FixedClock,
    carrier: FakeCarrier,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    peer, _ = add_peer(admin, clock.at)
    open_one(actor("resident"), clock.at)
    services.gather_letters(now=clock.at)
    told = cases.told_cases
    monkeypatch.setattr(
        cases, "told_cases", lambda ids: {k: replace(v, restricted=True) for k, v in told(ids).items()}
    )
    _send(peer, clock)
    assert carrier.posted == []
    assert Letter.objects.get().state == "skipped"


def test_both_secrets_sign_after_a_change(admin: Actor, clock: FixedClock, carrier: FakeCarrier) -> None:
    peer, old = add_peer(admin, clock.at)
    new = services.rotate_secret(peer_id=peer, by=admin, now=clock.at)
    services.send_test(peer_id=peer, by=admin, now=clock.at)
    _send(peer, clock)
    posted = carrier.posted[0]
    assert _verified(old, dict(posted.headers), posted.body)
    assert _verified(new, dict(posted.headers), posted.body)
    assert Peer.objects.get().old_until == clock.at + timedelta(hours=24)
