"""Numbers and rows the staff desk needs beside the lists: tab counts, list totals, rows of an export."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from huakai.cases.models import Case
from huakai.cases.queries import catalogue
from huakai.cases.queries.counters import stage_counts
from huakai.cases.queries.lists import narrowed
from huakai.cases.queries.rows import JOINS, row_of, visible
from huakai.cases.types import CaseFilter, CaseRow, Effect
from huakai.registry.types import Actor

CAP = 1000
"""Ended cases are counted up to here: the tab then says 900+, and the page stays as fast as with few cases."""
EXPORT_LIMIT = 50_000
ENDED = frozenset({"all", "closed", "unrated"})


def stages_of(pack_code: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(stages where somebody has to be found, the other open stages) of the flows a place runs today."""
    waiting: list[str] = []
    going: list[str] = []
    flows = [flow for menu in catalogue.menus(pack_code) for flow in menu.flows.values()]
    for flow in flows:
        for stage in flow.stages:
            if stage.status == "open":
                seeks = any(move.effect in {Effect.OFFER, Effect.ASSIGN} for move in stage.moves)
                (waiting if seeks else going).append(stage.code)
    return tuple(dict.fromkeys(waiting)), tuple(dict.fromkeys(going))


@dataclass(frozen=True)
class TabCounts:
    """Numbers on the tabs; those in `at_least` stopped counting at CAP."""

    values: Mapping[str, int]
    at_least: frozenset[str]


def tab_counts(actor: Actor, *, now: datetime) -> TabCounts:
    """Numbers on the tabs of the inbox (two queries)."""
    waiting, going = stages_of(actor.pack_code)
    counts = stage_counts(actor, now=now)
    ended = visible(actor).exclude(status__in=["open", "merged"]).order_by()[:CAP]
    found = ended.aggregate(
        ended=Count("pk"),
        closed=Count("pk", filter=Q(status="closed")),
        unrated=Count("pk", filter=Q(status="closed", stars=None)),
        parked=Count("pk", filter=Q(status="parked")),
    )
    values = counts | {
        "all": counts["open"] + found["ended"],
        "closed": found["closed"],
        "unrated": found["unrated"],
        "parked": found["parked"],
        "waiting": sum(counts.get(code, 0) for code in waiting),
        "going": sum(counts.get(code, 0) for code in going),
    }
    return TabCounts(values, ENDED if found["ended"] >= CAP else frozenset())


def case_total(
    actor: Actor, wanted: CaseFilter, *, now: datetime, action: str = "case.view", counted: bool = False
) -> int:
    """How many cases a list has in all, whatever its page; `counted`: with those that are only counted."""
    return narrowed(visible(actor, action, counted=counted), wanted, actor, now).count()


def case_rows(
    actor: Actor, wanted: CaseFilter, *, now: datetime, action: str = "case.view"
) -> Iterator[CaseRow]:
    """Every row of a list, newest first, in slices, up to EXPORT_LIMIT (for files)."""
    rows = narrowed(visible(actor, action), wanted, actor, now).select_related(*JOINS)
    rows = rows.defer("address_enc", "detail").order_by("-id")[:EXPORT_LIMIT]
    return (row_of(case) for case in rows.iterator(chunk_size=1000))


def cases_by_key(keys: Iterable[str]) -> set[str]:
    """Which of these client keys have a case already, whoever opened it (the workbook asks this)."""
    return set(Case.objects.filter(client_key__in=list(keys)).values_list("client_key", flat=True))
