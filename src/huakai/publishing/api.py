"""JSON door of publishing: the peers of webhooks, their letters, and trying the dead ones again."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from huakai.publishing import queries, services
from huakai.publishing.types import LetterPage, PeerRow
from huakai.registry.access import api_auth
from huakai.registry.types import Actor
from huakai.web.replies import reply

router = Router(tags=["webhooks"])
State = Annotated[str, Field(pattern=r"^(|standing|waiting|failed|sent|dead|skipped)$")]
Seq = Annotated[int | None, Field(ge=1, le=2**62)]


class PeersOut(Schema):
    """The peers the token may manage."""

    items: list[PeerRow]


class RetriedOut(Schema):
    """How many letters were queued again."""

    letters: int


class LettersIn(Schema):
    """Which letters: a state (`standing`: all still to be sent), those before a seq."""

    state: State = ""
    before: Seq = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


READ = api_auth("webhooks:read", needs="webhook.manage")
WRITE = api_auth("webhooks:write", needs="webhook.manage")


@router.get("/webhooks", response=PeersOut, auth=READ)
def peers(request: HttpRequest) -> HttpResponse:
    """Peers with what waits and what was given up; never a secret."""
    by, _now = _edge(request)
    return reply(PeersOut, PeersOut(items=queries.peers(by)))


@router.get("/webhooks/{uuid:peer_id}/letters", response=LetterPage, auth=READ)
def letters(request: HttpRequest, peer_id: UUID, wanted: Query[LettersIn]) -> HttpResponse:
    """One page of a peer's letters, newest first."""
    by, _now = _edge(request)
    page = queries.letter_page(by, peer_id, state=wanted.state, before=wanted.before, limit=wanted.limit)
    return reply(LetterPage, page)


@router.post("/webhooks/{uuid:peer_id}/retry", response=RetriedOut, auth=WRITE)
def retry_dead(request: HttpRequest, peer_id: UUID) -> HttpResponse:
    """Try all given-up letters of a peer again."""
    by, now = _edge(request)
    count = services.retry_dead(peer_id=peer_id, by=by, now=now)
    return reply(RetriedOut, RetriedOut(letters=count))


@router.post("/webhooks/{uuid:peer_id}/letters/{uuid:letter_id}/retry", response={204: None}, auth=WRITE)
def retry_letter(request: HttpRequest, peer_id: UUID, letter_id: UUID) -> HttpResponse:
    """Try one given-up letter again."""
    by, now = _edge(request)
    services.retry_letter(peer_id=peer_id, letter_id=letter_id, by=by, now=now)
    return HttpResponse(status=204)


def _edge(request: HttpRequest) -> tuple[Actor, datetime]:
    """Who acts and when, as the edge set them."""
    return request.actor, request.now  # type: ignore[attr-defined]
