"""Dispatch on the desk: recommended takers with reasons, one click each; or another one chosen by hand."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from huakai.cases import queries as cases
from huakai.cases.types import CaseCard, Taker, TakerKind
from huakai.kernel.errors import N_, NotAllowed, NotFound, RuleBroken
from huakai.matching import queries, services
from huakai.packs import queries as packs
from huakai.registry import queries as registry
from huakai.registry.access import ActorRequest, needs, require
from huakai.web import pages
from huakai.web.errors import words_of

OTHERS = 200
"""Most takers listed for a choice by hand, of each kind."""


@needs("case.dispatch")
def dispatch(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """Recommendations for one case, as the pane's part or as a page; POST offers to the chosen taker."""
    card = cases.card(request.actor, case_id, now=request.now)
    require(request.actor, "case.dispatch", card.row.area_code)
    case_url = reverse("cases:desk_case", args=[case_id])
    context: dict[str, Any] = {"card": card, "back": pages.back_to(request, case_url)}
    if request.method == "POST":
        try:
            return pages.go(request, context["back"], say=_act(request, case_id))
        except (NotAllowed, NotFound):
            raise
        except RuleBroken as error:
            context["refused"] = words_of(error)
    context |= _choices(case_id, card)
    status = 422 if "refused" in context else 200
    return pages.render_page(request, "matching/dispatch.html", context, part="proposals", status=status)


def _act(request: ActorRequest, case_id: UUID) -> str:
    """Offer, or rank again; what to say afterwards."""
    by, now = request.actor, request.now
    if "refresh" in request.POST:
        services.refresh(case_id=case_id, by=by, now=now)
        return _("已重新推荐")
    key = request.POST.get("client_key", "")[:64]
    taker = _taker(request.POST.get("taker", ""))
    services.confirm_proposal(case_id=case_id, taker=taker, by=by, now=now, client_key=key)
    return _("已派出，等对方接单")


def _taker(text: str) -> Taker:
    """`team:…` or `person:…` as the forms write it."""
    kind, _sep, key = text.partition(":")
    try:
        return Taker(TakerKind(kind), UUID(key))
    except ValueError:
        raise RuleBroken("taker_missing", N_("请选择派给谁"), field="taker") from None


def _choices(case_id: UUID, card: CaseCard) -> dict[str, Any]:
    """Proposals and the others who could do it, while the case can be offered."""
    if all(move.effect != "offer" for move in card.moves):
        return {"closed": True}
    found = queries.proposals(case_id)
    return {
        "proposals": found,
        "others": _others(case_id, {line.taker_id for line in found.lines}),
    }


def _others(case_id: UUID, proposed: set[UUID]) -> list[tuple[str, str]]:
    """Everybody else in the place with the skill who was not asked yet."""
    facts = cases.dispatch_facts(case_id)
    if facts is None:
        return []
    place = packs.edition(facts.edition_id).root_code
    gone = facts.asked | proposed | {facts.requester_id}
    found = []
    if TakerKind.TEAM in facts.takers:
        teams = registry.candidate_teams(facts.skill, place, OTHERS)
        found += [(f"team:{t.id}", f"{t.name} · {t.unit_name}") for t in teams if t.id not in gone]
    if TakerKind.PERSON in facts.takers:
        people = registry.candidate_volunteers(facts.skill, place, OTHERS)
        found += [
            (f"person:{p.person_id}", f"{p.name} · {p.unit_name}") for p in people if p.person_id not in gone
        ]
    return found
