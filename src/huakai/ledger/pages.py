"""Pages of the ledger: a person's own minutes and points, line by line."""

from django.http import HttpResponse
from django.utils.translation import get_language

from huakai.ledger import queries as ledger
from huakai.ledger.types import Owner, OwnerKind
from huakai.registry.access import ActorRequest, needs
from huakai.web import pages


@needs("ledger.view")
def hours(request: ActorRequest) -> HttpResponse:
    """What I hold, from which deeds, and by which tariff."""
    person = request.actor.person_id
    assert person is not None  # the page is only for those who are signed in
    owner = Owner(OwnerKind.PERSON, person)
    context = {
        "balance": ledger.balance(owner),
        "deeds": ledger.deeds(owner),
        "tariff": ledger.tariff_lines(request.actor.pack_code, get_language() or "zh-hans"),
    }
    return pages.render_page(request, "ledger/hours.html", context)
