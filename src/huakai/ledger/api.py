"""JSON door of the ledger: one's own balance and book."""

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from huakai.kernel.errors import N_, NotFound
from huakai.ledger import queries
from huakai.ledger.types import EntryLine, Owner, OwnerKind
from huakai.registry.access import api_auth
from huakai.registry.types import Actor
from huakai.web.replies import reply

router = Router(tags=["ledger"])


class BookOut(Schema):
    """Minutes and points, and the latest lines they come from."""

    minutes: int
    points: int
    entries: list[EntryLine]


@router.get("/ledger/me", response=BookOut, auth=api_auth("ledger:read", needs="ledger.view"))
def my_book(request: HttpRequest) -> HttpResponse:
    """The token owner's minutes and points."""
    by: Actor = request.actor  # type: ignore[attr-defined]
    if by.person_id is None:
        raise NotFound("no_person", N_("这个令牌不属于任何人"))
    owner = Owner(OwnerKind.PERSON, by.person_id)
    held = queries.balance(owner)
    book = BookOut(minutes=held.minutes, points=held.points, entries=list(queries.entries(owner)))
    return reply(BookOut, book)
