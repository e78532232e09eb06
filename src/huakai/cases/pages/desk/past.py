"""Looking back at one case: the ledger of its clocks, and the sheet for the file (打印)."""

from uuid import UUID

from django.http import HttpResponse

from huakai.cases import queries
from huakai.cases.pages.desk import acts, door, inbox, panes
from huakai.cases.queries import past
from huakai.registry.access import ActorRequest
from huakai.web import pages


@door.staff("case.view")
def clocks(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """时限台账: every line of the ledger, and where each clock stands."""
    card = queries.card(request.actor, case_id, now=request.now)
    context = {
        "card": card,
        "lines": [(line, panes.span_of(line.amount, line.unit)) for line in past.ledger_lines(case_id)],
        "back": acts.back(request, case_id),
    }
    return pages.render_page(request, "cases/desk/clocks.html", context)


@door.staff("case.view")
def printed(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """The case on paper: flow and source, what was asked and done, who signs."""
    card = queries.card(request.actor, case_id, now=request.now)
    return pages.render_page(request, "cases/desk/print.html", inbox.pane_of(request, case_id, card))
