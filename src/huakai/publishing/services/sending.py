"""Sending: the letters of one peer, one after the other, each until it is taken, given up or set aside."""

import json
import random
import time
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import structlog
from django.conf import settings
from django.db import connection, transaction

from huakai.cases import queries as cases
from huakai.kernel.clock import Clock
from huakai.kernel.errors import N_, RuleBroken
from huakai.publishing import client, events, rules
from huakai.publishing.models import Letter, Peer
from huakai.publishing.services.peers import record, secrets_of, set_paused
from huakai.publishing.services.waking import wake
from huakai.publishing.types import STANDING, Answer, LetterState, Trouble, message_id
from huakai.registry.types import SYSTEM

GONE = 410
"""Standard Webhooks: the peer wants no more."""
LETTERS = 200
SECONDS = 45.0
"""Most letters, and how long, of one job: then the next job goes on, and other peers have their turn."""

log = structlog.get_logger(__name__)


def send_letters(*, peer_id: UUID, clock: Clock, spread: Callable[[], float] = random.random) -> int:
    """Send what is due, strictly in order; a letter that fails holds up those behind it. How many tries were made.

    One sender per peer at a time: a second one finds the lock taken and leaves. A killed sender's lock ends with
    its connection and the letter is sent again: at least once, and the peer tells repeats by `webhook-id`.
    """
    started, tries = time.monotonic(), 0
    while _send_head(peer_id, clock, spread):
        tries += 1
        if tries >= LETTERS or time.monotonic() - started > SECONDS:
            wake(peer_id)
            break
    return tries


@transaction.atomic
def _send_head(peer_id: UUID, clock: Clock, spread: Callable[[], float]) -> bool:
    """Try the oldest letter that stands; False when there is none, it must wait, or somebody else is at it."""
    if not _is_ours(peer_id):
        return False
    now = clock.now()
    peer = Peer.objects.get(pk=peer_id)
    rows = Letter.objects.select_for_update().filter(peer=peer, state__in=STANDING)
    letter = rows.order_by("seq").first()
    if not peer.active or letter is None or letter.next_try_at is None or letter.next_try_at > now:
        return False
    if _may_no_longer_be_told(letter):
        _set_aside(letter)
        return True
    answer = _post(peer, letter, now)
    _settle(peer, letter, answer, clock.now(), spread())
    return True


def _is_ours(peer_id: UUID) -> bool:
    """Hold the peer until the transaction ends; an advisory lock, so that its row stays free for the desk."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtext('publishing_peer'), hashtext(%s))", [str(peer_id)]
        )
        return bool(cursor.fetchone()[0])


def _may_no_longer_be_told(letter: Letter) -> bool:
    """Has its case been closed to outsiders since the letter was written?"""
    if not letter.subject_id:
        return False
    case = cases.told_cases([UUID(letter.subject_id)]).get(UUID(letter.subject_id))
    return case is None or not rules.is_tellable(case)


def _set_aside(letter: Letter) -> None:
    letter.state, letter.next_try_at = LetterState.SKIPPED, None
    letter.skip_reason = N_("该件已转为不对外公开")
    letter.save(update_fields=["state", "next_try_at", "skip_reason"])


def _post(peer: Peer, letter: Letter, now: datetime) -> Answer:
    try:
        target = rules.target_of(peer.url, http_hosts=settings.WEBHOOK_HTTP_HOSTS)
    except RuleBroken:  # the deployment no longer allows what it allowed when the peer was added
        return Answer(trouble=Trouble.URL)
    body = json.dumps(letter.payload, ensure_ascii=False, separators=(",", ":"))
    signed = rules.signed_headers(
        letter_id=message_id(letter.pk), body=body, secrets=secrets_of(peer, now), now=now
    )
    headers = {"Content-Type": "application/json", "User-Agent": "Huakai-Webhooks/1", **signed}
    private = target.host in settings.WEBHOOK_PRIVATE_HOSTS
    return client.carrier().post(target, body=body.encode(), headers=headers, private_allowed=private)


def _settle(peer: Peer, letter: Letter, answer: Answer, now: datetime, spread: float) -> None:
    letter.tries += 1
    letter.last_status, letter.trouble = answer.status, answer.trouble or ""
    wait = rules.next_try_after(letter.tries, spread=spread)
    if answer.is_taken:
        letter.state, letter.sent_at, letter.next_try_at = LetterState.SENT, now, None
    elif answer.status == GONE:
        letter.state, letter.next_try_at = LetterState.FAILED, now
        set_paused(peer, N_("对方答复 410：不再接收"), SYSTEM, now)
    elif wait is not None:
        letter.state, letter.next_try_at = LetterState.FAILED, now + wait
    else:
        letter.state, letter.next_try_at = LetterState.DEAD, None
        record(events.DIED, peer, SYSTEM, now, letter=str(letter.pk), seq=letter.seq, status=answer.status)
    letter.save()
    if not answer.is_taken:
        log.warning(
            "webhook_failed", peer=str(peer.pk), seq=letter.seq, tries=letter.tries, status=answer.status
        )
