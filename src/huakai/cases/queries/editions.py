"""Which editions running cases stand under, and what moving them would change."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count

from huakai.cases.definitions import Flow
from huakai.cases.models import Case
from huakai.kernel.errors import N_, NotFound, RuleBroken
from huakai.packs import queries as packs
from huakai.packs.types import Change
from huakai.registry.types import Actor


@dataclass(frozen=True)
class EditionCount:
    """How many running cases of a flow stand under an edition."""

    id: UUID
    number: int
    cases: int
    is_current: bool


@dataclass(frozen=True)
class EditionPlan:
    """What moving running cases would change: the lines of the pack that concern the flow, and stages that are lost."""

    older: int
    newer: int
    cases: int
    changes: tuple[Change, ...]
    lost_stages: tuple[str, ...]


def edition_counts(actor: Actor, flow: str) -> tuple[EditionCount, ...]:
    """Running cases of a flow by edition, the newest first."""
    current = packs.current(actor.pack_code).id
    root = packs.edition(current).root_code
    rows = Case.objects.filter(flow=flow, status__in=["open", "parked"], area_code__startswith=root)
    by_edition = rows.order_by().values("edition_id").annotate(cases=Count("pk"))
    counts = {row["edition_id"]: row["cases"] for row in by_edition}
    views = {edition: packs.edition(edition) for edition in {*counts, current}}
    of_place = [view for view in views.values() if view.pack_code == actor.pack_code]
    return tuple(
        EditionCount(view.id, view.number, counts.get(view.id, 0), is_current=view.id == current)
        for view in sorted(of_place, key=lambda view: -view.number)
    )


def edition_plan(actor: Actor, *, flow: str, older: UUID, newer: UUID) -> EditionPlan:
    """What moving the running cases of a flow from one edition to another of the same pack would change."""
    before, after = packs.edition(older), packs.edition(newer)
    if before.pack_code != after.pack_code or before.pack_code != actor.pack_code:
        raise NotFound("no_edition", N_("没有这个版本"))
    if after.number <= before.number:
        raise RuleBroken("not_newer", N_("只能移到更新的版本"))
    target = after.all("cases").get(flow)
    if not isinstance(target, Flow):
        raise RuleBroken("flow_lost", N_("新版里没有这个流程，在办的单子要按原版办完"))
    rows = Case.objects.filter(flow=flow, edition_id=older, status__in=["open", "parked"])
    standing = rows.order_by().values_list("stage").annotate(cases=Count("pk"))
    stages = dict(standing)
    known = {stage.code for stage in target.stages}
    return EditionPlan(
        older=before.number,
        newer=after.number,
        cases=sum(stages.values()),
        changes=tuple(_concerning(packs.diff_of_editions(older, newer), flow)),
        lost_stages=tuple(sorted(set(stages) - known)),
    )


def _concerning(changes: Iterable[Change], flow: str) -> Iterable[Change]:
    """Lines of the flow itself, of the calendar it counts on, and of the catalogue."""
    wanted = (f"cases/{flow}.yaml", "calendar/", "catalogue/")
    return (change for change in changes if change.file.startswith(wanted))
