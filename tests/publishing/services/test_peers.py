"""Peers: added with a secret shown once, paused, resumed, given a new secret, by those who manage them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from huakai.audit import queries as audit
from huakai.audit.types import Subject
from huakai.kernel.errors import NotAllowed, NotFound, RuleBroken
from huakai.publishing import queries, services
from huakai.publishing.models import Letter, Peer
from huakai.publishing.services.peers import secrets_of
from huakai.registry.types import Actor
from tests.factories.publishing import CITY, add_peer


@pytest.fixture
def admin(actor: Callable[[str], Actor]) -> Actor:
    return actor("admin")


def test_the_secret_is_returned_once_and_stands_nowhere_in_clear(admin: Actor, now: datetime) -> None:
    peer, secret = add_peer(admin, now)
    assert secret.startswith("whsec_")
    assert secrets_of(Peer.objects.get(), now) == [secret]
    assert secret.encode() not in bytes(Peer.objects.get().secret_enc)
    assert secret not in str(audit.history(Subject("peer", str(peer))))
    assert not hasattr(queries.peer_row(admin, peer), "secret")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": " "}, "name_missing"),
        ({"name": "长" * 81}, "name_long"),
        ({"url": "http://city.example/"}, "url_not_https"),
        ({"url": ""}, "url_wrong"),
        ({"area_code": "999999"}, "area_unknown"),
        ({"events": ()}, "events_missing"),
        ({"events": ("case.contact_seen",)}, "event_unknown"),
    ],
)
def test_a_peer_that_makes_no_sense_is_refused(
    admin: Actor, now: datetime, change: dict[str, object], code: str
) -> None:
    with pytest.raises(RuleBroken) as refused:
        add_peer(admin, now, replace(CITY, **change))  # type: ignore[arg-type]
    assert refused.value.code == code
    assert not Peer.objects.exists()


def test_others_neither_add_nor_see_nor_touch(
    actor: Callable[[str], Actor], admin: Actor, now: datetime
) -> None:
    peer, _ = add_peer(admin, now)
    for role in ("street_staff", "centre_staff", "stranger"):
        by = actor(role)
        with pytest.raises(NotAllowed):
            add_peer(by, now)
        assert queries.peers(by) == []
        with pytest.raises(NotFound):
            queries.letter_page(by, peer)
        with pytest.raises(NotFound):
            services.pause_peer(peer_id=peer, reason="x", by=by, now=now)
        with pytest.raises(NotFound):
            services.rotate_secret(peer_id=peer, by=by, now=now)
        with pytest.raises(NotFound):
            services.retry_dead(peer_id=peer, by=by, now=now)


def test_after_a_change_of_secret_both_sign_for_a_day(admin: Actor, now: datetime) -> None:
    peer, old = add_peer(admin, now)
    new = services.rotate_secret(peer_id=peer, by=admin, now=now)
    assert new != old
    row = Peer.objects.get()
    assert secrets_of(row, now + timedelta(hours=23)) == [new, old]
    assert secrets_of(row, now + timedelta(hours=24)) == [new]


def test_pausing_needs_a_reason_and_is_recorded(admin: Actor, now: datetime) -> None:
    peer, _ = add_peer(admin, now)
    with pytest.raises(RuleBroken, match="为什么暂停"):
        services.pause_peer(peer_id=peer, reason=" ", by=admin, now=now)
    services.pause_peer(peer_id=peer, reason="对方检修", by=admin, now=now)
    services.pause_peer(peer_id=peer, reason="再按一次", by=admin, now=now)
    assert queries.peer_row(admin, peer).paused_reason == "对方检修"
    with pytest.raises(RuleBroken, match="先恢复"):
        services.send_test(peer_id=peer, by=admin, now=now)
    for _ in range(2):
        services.resume_peer(peer_id=peer, by=admin, now=now)
    services.send_test(peer_id=peer, by=admin, now=now)
    names = [e.name for e in audit.history(Subject("peer", str(peer)))]
    assert names == ["webhook.added", "webhook.paused", "webhook.resumed", "webhook.tested"]


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"events": []}, "peer_wants_something"),
        ({"url": "ftp://x/"}, "peer_url_is_web"),
        ({"active": False}, "peer_paused_for_a_reason"),
        ({"paused_reason": "x"}, "peer_paused_for_a_reason"),
        ({"old_secret_enc": b"x"}, "peer_old_secret_ends"),
        ({"seen_seq": -1}, "peer_counts_up"),
    ],
)
def test_the_database_refuses_a_nonsensical_peer(
    admin: Actor, now: datetime, change: dict[str, object], name: str
) -> None:
    add_peer(admin, now)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Peer.objects.update(**change)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"state": "lost", "next_try_at": None}, "letter_state"),
        ({"state": "sent"}, "letter_sent_has_a_time|letter_standing_has_a_time"),
        ({"state": "skipped", "next_try_at": None}, "letter_skipped_for_a_reason"),
        ({"state": "dead", "next_try_at": None}, "letter_tried"),
        ({"next_try_at": None}, "letter_standing_has_a_time"),
        ({"skip_reason": "x"}, "letter_skipped_for_a_reason"),
        ({"seq": 1}, "letter_in_order"),
    ],
)
def test_the_database_refuses_a_nonsensical_letter(
    admin: Actor, now: datetime, change: dict[str, object], name: str
) -> None:
    peer, _ = add_peer(admin, now)
    for _ in range(2):
        services.send_test(peer_id=peer, by=admin, now=now)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Letter.objects.update(**change)
