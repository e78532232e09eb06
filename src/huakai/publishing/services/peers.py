"""Writes about peers: add one, pause and resume it, give it a new secret, try its line."""

import base64
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from huakai.audit import queries as audit_queries
from huakai.audit import services as audit
from huakai.audit.types import Fact, Subject
from huakai.kernel.crypto import field_cipher
from huakai.kernel.errors import N_, RuleBroken
from huakai.kernel.ids import new_id
from huakai.publishing import events, rules
from huakai.publishing.models import Letter, Peer
from huakai.publishing.queries.peers import MANAGE, no_peer
from huakai.publishing.services.waking import wake
from huakai.publishing.types import NewPeer
from huakai.registry import queries as registry
from huakai.registry.access import require, scope_q
from huakai.registry.types import Actor

SECRET_BYTES = 32
OVERLAP = timedelta(hours=24)
"""How long the old secret still signs beside the new one."""
SECRET = "publishing_peer.secret"  # noqa: S105 - the cipher's context
OLD_SECRET = "publishing_peer.old_secret"  # noqa: S105 - the same


@transaction.atomic
def add_peer(*, new: NewPeer, pack_code: str, by: Actor, now: datetime) -> tuple[UUID, str]:
    """Tell another system of events from now on. Its secret is returned once and can never be read again."""
    name, area = new.name.strip(), new.area_code.strip()
    if not name:
        raise RuleBroken("name_missing", N_("请填写对接系统的名称"), field="name")
    if len(name) > 80:
        raise RuleBroken("name_long", N_("名称不超过 80 个字"), field="name")
    target = rules.target_of(new.url, http_hosts=settings.WEBHOOK_HTTP_HOSTS)
    if registry.unit_by_code(area) is None:
        raise RuleBroken("area_unknown", N_("没有编码为“{unit}”的单位"), field="area_code", unit=area)
    require(by, MANAGE, area)
    secret = _new_secret()
    peer = Peer.objects.create(
        id=new_id(now),
        name=name,
        url=new.url.strip(),
        secret_enc=field_cipher().encrypt(secret, context=SECRET),
        events=_wanted(new.events),
        area_code=area,
        pack_code=pack_code,
        seen_seq=audit_queries.newest_seq(),
        created_by_id=by.person_id,
        created_at=now,
    )
    record(events.PEER_ADDED, peer, by, now, label=name, host=target.host, events=peer.events)
    return peer.pk, secret


def _wanted(names: tuple[str, ...]) -> list[str]:
    unknown = [name for name in names if not rules.is_open_event(name)]
    if unknown:
        raise RuleBroken("event_unknown", N_("没有名为“{name}”的事件"), field="events", name=unknown[0])
    if not names:
        raise RuleBroken("events_missing", N_("请至少选择一种事件"), field="events")
    return sorted(set(names))


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


@transaction.atomic
def pause_peer(*, peer_id: UUID, reason: str, by: Actor, now: datetime) -> None:
    """Send nothing more for now; what happens meanwhile is written down when it is resumed."""
    peer = locked_peer(peer_id, by)
    if not reason.strip():
        raise RuleBroken("reason_missing", N_("请写明为什么暂停"), field="reason")
    if len(reason.strip()) > 120:
        raise RuleBroken("reason_long", N_("原因不超过 120 个字"), field="reason")
    if peer.active:
        set_paused(peer, reason.strip(), by, now)


def set_paused(peer: Peer, reason: str, by: Actor, now: datetime) -> None:
    """The row and the record of it, in the caller's transaction."""
    peer.active, peer.paused_reason = False, reason
    peer.save(update_fields=["active", "paused_reason"])
    record(events.PEER_PAUSED, peer, by, now, reason=reason)


@transaction.atomic
def resume_peer(*, peer_id: UUID, by: Actor, now: datetime) -> None:
    """Go on where it stopped: nothing in between is left out."""
    peer = locked_peer(peer_id, by)
    if peer.active:
        return
    peer.active, peer.paused_reason = True, ""
    peer.save(update_fields=["active", "paused_reason"])
    record(events.PEER_RESUMED, peer, by, now)
    wake(peer.pk)


@transaction.atomic
def rotate_secret(*, peer_id: UUID, by: Actor, now: datetime) -> str:
    """A new secret, returned once; the old one signs beside it for a day, so that no letter is refused."""
    peer = locked_peer(peer_id, by)
    cipher = field_cipher()
    old = cipher.decrypt(bytes(peer.secret_enc), context=SECRET)
    secret = _new_secret()
    peer.old_secret_enc, peer.old_until = cipher.encrypt(old, context=OLD_SECRET), now + OVERLAP
    peer.secret_enc = cipher.encrypt(secret, context=SECRET)
    peer.save(update_fields=["secret_enc", "old_secret_enc", "old_until"])
    record(events.SECRET_ROTATED, peer, by, now)
    return secret


def secrets_of(peer: Peer, now: datetime) -> list[str]:
    """The secrets that sign now, the newest first."""
    cipher = field_cipher()
    found = [cipher.decrypt(bytes(peer.secret_enc), context=SECRET)]
    if peer.old_secret_enc is not None and peer.old_until is not None and now < peer.old_until:
        found.append(cipher.decrypt(bytes(peer.old_secret_enc), context=OLD_SECRET))
    return found


@transaction.atomic
def send_test(*, peer_id: UUID, by: Actor, now: datetime) -> UUID:
    """Queue a letter that tells nothing, behind those that already wait."""
    peer = locked_peer(peer_id, by)
    if not peer.active:
        raise RuleBroken("peer_paused", N_("已暂停推送，请先恢复再测试"))
    peer.last_seq += 1
    peer.save(update_fields=["last_seq"])
    payload = rules.trial_payload(now=now, seq=peer.last_seq)
    letter = Letter.objects.create(
        id=new_id(now),
        peer=peer,
        seq=peer.last_seq,
        event_name=payload["type"],
        payload=payload,
        next_try_at=now,
        created_at=now,
    )
    record(events.TESTED, peer, by, now, seq=peer.last_seq)
    wake(peer.pk)
    return letter.pk


def locked_peer(peer_id: UUID, by: Actor) -> Peer:
    """The peer's row, locked; NotFound for who does not manage it."""
    peer = Peer.objects.select_for_update().filter(scope_q(by, MANAGE), pk=peer_id).first()
    if peer is None:
        raise no_peer()
    return peer


def record(name: str, peer: Peer, by: Actor, now: datetime, **after: Any) -> None:
    """State what happened to a peer; of its address the host only, of its secret nothing."""
    audit.record(
        Fact(
            name=name,
            subject=Subject(events.PEER, str(peer.pk)),
            at=now,
            actor_id=by.person_id,
            after=after,
            area_code=peer.area_code,
            request_id=by.request_id,
        )
    )
