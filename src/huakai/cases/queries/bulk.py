"""Cases chosen together: which they are, and which moves are open on every one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import get_language

from huakai.cases import rules
from huakai.cases.models import Assignment, Case
from huakai.cases.queries import catalogue, choices, facts
from huakai.cases.queries.rows import mentions, visible
from huakai.cases.types import CaseMention, MoveChoice
from huakai.registry.types import Actor

NOT_IN_BULK = frozenset({"taker", "photos", "minutes"})
"""Inputs that belong to one case alone: a move that asks for one of them is made case by case."""


@dataclass(frozen=True)
class Chosen:
    """Cases the actor sees among those chosen, in number order, and the moves open to them on all of these."""

    cases: tuple[CaseMention, ...]
    moves: tuple[MoveChoice, ...]


def chosen(actor: Actor, ids: Sequence[UUID]) -> Chosen:
    """Three queries, however many cases."""
    cases = list(visible(actor).filter(pk__in=list(ids)).order_by("number"))
    chains: dict[UUID, list[Assignment]] = {}
    for link in Assignment.objects.filter(case__in=[case.id for case in cases]):
        chains.setdefault(link.case_id, []).append(link)
    lang = get_language() or "zh-hans"
    common: dict[str, MoveChoice] | None = None
    for case in cases:
        mine = _moves(case, chains.get(case.id, []), actor, lang)
        common = mine if common is None else {code: common[code] for code in common if code in mine}
    named = mentions(Case.objects.filter(pk__in=[case.id for case in cases]))
    return Chosen(tuple(named[case.id] for case in cases), tuple((common or {}).values()))


def _moves(case: Case, chain: list[Assignment], actor: Actor, lang: str) -> dict[str, MoveChoice]:
    flow = catalogue.menu_of_edition(case.edition_id).flows[case.flow]
    if case.status == "merged":
        return {}
    found = {}
    for move in rules.open_moves(flow, facts.facts_of(case, chain, actor)):
        choice = choices.move_choice(case.edition_id, case.flow, case.stage, move.code, lang)
        if not NOT_IN_BULK & set(choice.asks):
            found[move.code] = choice
    return found
