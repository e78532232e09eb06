"""Reads about peers: the list with its counts, and the letters of one."""

from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from huakai.kernel.errors import N_, NotFound
from huakai.publishing.models import Letter, Peer
from huakai.publishing.types import STANDING, LetterPage, LetterRow, LetterState, PeerRow, Trouble
from huakai.registry.access import scope_q
from huakai.registry.types import Actor

MANAGE = "webhook.manage"
PAGE = 50

EVENT_TITLES = {
    "case.accepted": N_("已接单"),
    "case.answered": N_("首次答复"),
    "case.assigned": N_("交办单位"),
    "case.cancelled": N_("撤销"),
    "case.closed": N_("办结"),
    "case.declined": N_("不接单"),
    "case.expired": N_("派单超时"),
    "case.handed_back": N_("已退回"),
    "case.moved": N_("环节变化"),
    "case.offered": N_("已派单"),
    "case.opened": N_("收到新件"),
    "case.rated": N_("评价"),
    "case.returned": N_("退办"),
    "case.withdrawn": N_("撤回派单"),
    "webhook.test": N_("测试"),
}
"""Events in words; one without words here is shown by its name."""
TROUBLES = {
    Trouble.NO_ADDRESS: N_("找不到这个主机名"),
    Trouble.INSIDE: N_("主机名指向内部地址，不允许推送"),
    Trouble.NO_CONNECTION: N_("连不上对方"),
    Trouble.TOO_SLOW: N_("对方没有按时答复"),
    Trouble.CERTIFICATE: N_("对方的证书不可信"),
    Trouble.BAD_ANSWER: N_("连接中断，或答复无法识别"),
    Trouble.URL: N_("地址不再允许（部署设置已变）"),
}


def no_peer() -> NotFound:
    """What a stranger to the peer is told."""
    return NotFound("no_peer", N_("没有这个对接系统，或者不归您管理"))


def peers(actor: Actor) -> list[PeerRow]:
    """The peers the actor manages, newest first, with what waits and what was given up."""
    rows = _counted(Peer.objects.filter(scope_q(actor, MANAGE)))
    return [_peer(peer) for peer in rows.order_by("-created_at", "-pk")]


def peer_row(actor: Actor, peer_id: UUID) -> PeerRow:
    """One peer of the actor's; NotFound otherwise."""
    peer = _counted(Peer.objects.filter(scope_q(actor, MANAGE), pk=peer_id)).first()
    if peer is None:
        raise no_peer()
    return _peer(peer)


def letter_page(
    actor: Actor, peer_id: UUID, *, state: str = "", before: int | None = None, limit: int = PAGE
) -> LetterPage:
    """One page of a peer's letters, newest first; `state` is a state, or "standing" for all still to be sent."""
    peer_row(actor, peer_id)
    rows = Letter.objects.filter(peer_id=peer_id).order_by("-seq")
    if state == "standing":
        rows = rows.filter(state__in=STANDING)
    elif state:
        rows = rows.filter(state=state)
    if before is not None:
        rows = rows.filter(seq__lt=before)
    found = [_letter(row) for row in rows[: limit + 1]]
    shown = tuple(found[:limit])
    return LetterPage(shown, shown[-1].seq if len(found) > limit else None)


def _counted(rows: QuerySet[Peer]) -> QuerySet[Peer]:
    """With figures from the letters, each read off an index."""
    letters = Letter.objects.filter(peer=OuterRef("pk"))
    standing, dead = letters.filter(state__in=STANDING), letters.filter(state=LetterState.DEAD)
    sent = letters.filter(state=LetterState.SENT).order_by("-seq")
    return rows.annotate(
        n_waiting=_count(standing),
        n_dead=_count(dead),
        is_failing=Exists(standing.filter(state=LetterState.FAILED)),
        last_sent_at=Subquery(sent.values("sent_at")[:1]),
    )


def _count(rows: QuerySet[Letter]) -> Coalesce:
    each = rows.order_by().values("peer").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(each, output_field=IntegerField()), 0)


def _peer(peer: Any) -> PeerRow:
    """A counted peer for a list."""
    return PeerRow(
        id=peer.pk,
        name=peer.name,
        url=peer.url,
        area_code=peer.area_code,
        events=tuple(peer.events),
        active=peer.active,
        paused_reason=peer.paused_reason,
        created_at=peer.created_at,
        last_sent_at=peer.last_sent_at,
        waiting=peer.n_waiting,
        dead=peer.n_dead,
        failing=peer.is_failing,
    )


def _letter(row: Letter) -> LetterRow:
    return LetterRow(
        id=row.pk,
        seq=row.seq,
        event_name=row.event_name,
        subject_id=row.subject_id,
        number=row.payload["data"].get("number"),
        state=LetterState(row.state),
        tries=row.tries,
        next_try_at=row.next_try_at,
        last_status=row.last_status,
        trouble=row.trouble,
        skip_reason=row.skip_reason,
        created_at=row.created_at,
        sent_at=row.sent_at,
    )
