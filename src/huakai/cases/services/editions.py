"""Running cases keep their edition. Moving them to a newer one is a named act, after a look at what would change."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from huakai.cases import events
from huakai.cases.models import Case
from huakai.cases.queries import clocks
from huakai.cases.queries import editions as running
from huakai.cases.services import standing, timing
from huakai.cases.types import Status
from huakai.kernel.errors import N_, RuleBroken
from huakai.packs import queries as packs
from huakai.registry.access import require
from huakai.registry.types import Actor

BATCH = 200
OPEN = (Status.OPEN, Status.PARKED)


def move_to_edition(*, flow: str, older: UUID, newer: UUID, by: Actor, now: datetime) -> int:
    """Move every running case of `flow` from one edition to a newer one of the same pack; returns how many.

    Refused as a whole when a case stands at a stage the newer flow lacks. Stages, deadlines started and words said
    stay; what runs on counts on the newer edition's calendar from now. Batch by batch, so it may be run again.
    """
    plan = running.edition_plan(by, flow=flow, older=older, newer=newer)
    require(by, "pack.apply", packs.edition(newer).root_code)
    if plan.lost_stages:
        message = N_("新版流程里没有阶段{stages}，还有单子停在那里，请先办完或改流程")
        raise RuleBroken("stage_lost", message, stages="、".join(plan.lost_stages))
    moved = 0
    while True:
        some = _move_some(flow, older, newer, by, now)
        moved += some
        if some < BATCH:
            return moved


@transaction.atomic
def _move_some(flow: str, older: UUID, newer: UUID, by: Actor, now: datetime) -> int:
    rows = Case.objects.select_for_update().filter(flow=flow, edition_id=older, status__in=OPEN)
    cases = list(rows.order_by("pk")[:BATCH])
    ledgers = clocks.ledgers(case.id for case in cases)
    for case in cases:
        lines = [
            line
            for state in clocks.running(ledgers.get(case.id, ()), now=now)
            if state.paused_since is None and state.remaining.total_seconds() > 0
            for line in (
                timing.Line(state.clock, "pause", now, state.run),
                timing.Line(state.clock, "resume", now, state.run),
            )
        ]
        before, case.edition_id, case.clock_edition_id = case.edition_id, newer, newer
        timing.write(case.id, lines, newer, by.person_id)
        standing.read_back(case, now)
        case.save(update_fields=["edition_id", "clock_edition_id"])
        standing.record(case, events.EDITION_MOVED, by, now, older=str(before), newer=str(newer))
    return len(cases)
