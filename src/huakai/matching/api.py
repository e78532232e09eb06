"""JSON door of matching: the proposals for a case."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from huakai.cases import queries as cases
from huakai.matching import queries
from huakai.matching.types import ProposalSet
from huakai.registry.access import api_auth
from huakai.web.replies import reply

router = Router(tags=["matching"])


@router.get(
    "/cases/{uuid:case_id}/proposals",
    response=ProposalSet,
    auth=api_auth("cases:read", needs="case.dispatch"),
)
def proposals(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Ranked takers with reasons in words, or why there is nobody."""
    cases.card(request.actor, case_id, now=request.now)  # type: ignore[attr-defined]
    return reply(ProposalSet, queries.proposals(case_id))
