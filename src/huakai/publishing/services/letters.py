"""Letters: written from the record in its order; given up ones tried again or set aside."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import OperationalError, transaction

from huakai.audit import queries as audit
from huakai.audit.types import Event
from huakai.cases import queries as cases
from huakai.kernel.errors import N_, NotFound, RuleBroken
from huakai.kernel.ids import new_id
from huakai.publishing import events, rules
from huakai.publishing.models import Letter, Peer
from huakai.publishing.services.peers import locked_peer, record
from huakai.publishing.services.waking import wake
from huakai.publishing.types import STANDING, LetterState
from huakai.registry.types import Actor

BACKLOG = 1000
"""Most letters that stand for one peer: beyond, the record keeps the rest until the peer takes some."""
WINDOW = 20_000
"""Seqs of the record looked through in one step."""


def gather_letters(*, now: datetime, patience: float = 2.0) -> int:
    """Write down for every active peer what has happened since the last time, and wake the senders; how many.

    Costs those who write events nothing: it follows the record with a cursor per peer.
    """
    ids = list(Peer.objects.filter(active=True).order_by("created_at").values_list("pk", flat=True))
    settled = audit.settled_up_to(patience=patience) if ids else None
    written = 0
    for peer_id in ids:
        while settled is not None:
            more = _follow(peer_id, settled, now)
            if more is None:
                break
            written += more
        _wake_when_due(peer_id, now)
    return written


@transaction.atomic
def _follow(peer_id: UUID, settled: int, now: datetime) -> int | None:
    """One step along the record, letters and cursor together; None when there is nothing to follow now."""
    peer = Peer.objects.select_for_update().get(pk=peer_id)
    room = BACKLOG - Letter.objects.filter(peer=peer, state__in=STANDING).count()
    if not peer.active or peer.seen_seq >= settled or room <= 0:
        return None
    end = min(settled, peer.seen_seq + WINDOW)
    found = audit.events_between(
        after=peer.seen_seq, up_to=end, names=peer.events, within=peer.area_code, limit=room
    )
    letters = _letters(peer, found, now)
    Letter.objects.bulk_create(letters)
    peer.seen_seq = found[-1].seq if len(found) == room else end
    peer.last_seq += len(letters)
    peer.save(update_fields=["seen_seq", "last_seq"])
    return len(letters)


def _letters(peer: Peer, found: Sequence[Event], now: datetime) -> list[Letter]:
    told = cases.told_cases({UUID(e.subject.id) for e in found if e.subject.kind == rules.CASE})
    letters: list[Letter] = []
    for event in found:
        case = told.get(UUID(event.subject.id)) if event.subject.kind == rules.CASE else None
        if case is None or not rules.is_tellable(case):
            continue
        seq = peer.last_seq + len(letters) + 1
        letters.append(
            Letter(
                id=new_id(now),
                peer=peer,
                seq=seq,
                event_id=event.seq,
                event_name=event.name,
                subject_id=event.subject.id,
                payload=rules.payload_of(event, case, seq=seq),
                next_try_at=now,
                created_at=now,
            )
        )
    return letters


def _wake_when_due(peer_id: UUID, now: datetime) -> None:
    """The head decides: behind one that waits for its next try nothing goes out."""
    head = Letter.objects.filter(peer_id=peer_id, state__in=STANDING).order_by("seq").first()
    if head is not None and head.next_try_at is not None and head.next_try_at <= now:
        wake(peer_id)


@transaction.atomic
def retry_letter(*, peer_id: UUID, letter_id: UUID, by: Actor, now: datetime) -> None:
    """Try a given-up letter again, from the first try on: it is the oldest, so it goes out next."""
    peer = locked_peer(peer_id, by)
    letter = _letter(peer, letter_id)
    if letter.state != LetterState.DEAD:
        raise RuleBroken("letter_not_dead", N_("这一条不在未送达之列，不用重试"))
    _revive([letter], peer, by, now)


@transaction.atomic
def retry_dead(*, peer_id: UUID, by: Actor, now: datetime) -> int:
    """Try all given-up letters of a peer again, the oldest first; how many."""
    peer = locked_peer(peer_id, by)
    rows = Letter.objects.select_for_update().filter(peer=peer, state=LetterState.DEAD)
    dead = list(rows.order_by("seq"))
    if dead:
        _revive(dead, peer, by, now)
    return len(dead)


def _revive(dead: Sequence[Letter], peer: Peer, by: Actor, now: datetime) -> None:
    for letter in dead:
        letter.state, letter.tries, letter.next_try_at = LetterState.WAITING, 0, now
    Letter.objects.bulk_update(dead, ["state", "tries", "next_try_at"], batch_size=500)
    record(events.RETRIED, peer, by, now, letters=len(dead), first_seq=dead[0].seq)
    if peer.active:
        wake(peer.pk)


@transaction.atomic
def skip_letter(*, peer_id: UUID, letter_id: UUID, reason: str, by: Actor, now: datetime) -> None:
    """Set a letter aside for good, with the reason; the peer never hears of it."""
    peer = locked_peer(peer_id, by)
    letter = _letter(peer, letter_id)
    if letter.state not in (*STANDING, LetterState.DEAD):
        raise RuleBroken("letter_done", N_("这一条已经送达或已跳过"))
    if not reason.strip():
        raise RuleBroken("reason_missing", N_("请写明为什么跳过"), field="reason")
    letter.state, letter.skip_reason, letter.next_try_at = LetterState.SKIPPED, reason.strip()[:200], None
    letter.save(update_fields=["state", "skip_reason", "next_try_at"])
    record(events.SKIPPED, peer, by, now, letter=str(letter.pk), seq=letter.seq, reason=letter.skip_reason)


def _letter(peer: Peer, letter_id: UUID) -> Letter:
    """The peer's letter, locked; a refusal while it is on its way."""
    try:
        with transaction.atomic():
            letter = Letter.objects.select_for_update(nowait=True).filter(peer=peer, pk=letter_id).first()
    except OperationalError:
        raise RuleBroken("letter_on_its_way", N_("这一条正在推送，请过十几秒再试")) from None
    if letter is None:
        raise NotFound("no_letter", N_("没有这条推送"))
    return letter
