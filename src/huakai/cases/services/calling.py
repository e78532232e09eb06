"""Call-backs: a sample of closed cases is telephoned. Unreachable is not satisfied."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from huakai.cases import events, rules
from huakai.cases.models import CallBack, Case
from huakai.cases.queries import catalogue
from huakai.cases.services import standing
from huakai.cases.services.rating import is_unhappy
from huakai.cases.services.reopening import reopen_for_check
from huakai.cases.types import Status
from huakai.kernel.errors import N_, NotAllowed, NotFound, RuleBroken
from huakai.kernel.ids import new_id
from huakai.packs import queries as packs
from huakai.registry.types import Actor

LOOK_BACK = timedelta(days=2)


@transaction.atomic
def draw_call_backs(*, now: datetime) -> int:
    """Draw the share each flow asks for among the cases closed lately; the same cases whenever it runs.

    The draw is a hash of the case's key, so nobody can choose which of their cases are called about.
    """
    closed = Case.objects.filter(status=Status.CLOSED, closed_at__gte=now - LOOK_BACK, closed_at__lte=now)
    drawn = set(CallBack.objects.filter(case__in=closed).values_list("case_id", "drawn_at"))
    fresh = []
    for case in closed.order_by("closed_at"):
        rule = catalogue.menu_of_edition(case.edition_id).flows[case.flow].rating
        if (
            rule is None
            or rule.call_back is None
            or case.closed_at is None
            or (case.id, case.closed_at) in drawn
        ):
            continue
        if _lot(case.id) < rule.call_back.percent:
            due = rules.due_at(
                rule.call_back.within, now, packs.work_calendar(packs.edition(case.edition_id))
            )
            fresh.append(
                CallBack(
                    id=new_id(now),
                    case=case,
                    drawn_at=case.closed_at,
                    due_at=due.at,
                    area_code=case.area_code,
                )
            )
    CallBack.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def _lot(case_id: UUID) -> int:
    """0 to 99, evenly."""
    return int.from_bytes(hashlib.sha256(case_id.bytes).digest()[:4]) % 100


@dataclass(frozen=True)
class Call:
    """What a call brought: reached or not; solved yes, partly or no; stars, when they were given; words."""

    reached: bool
    solved: str = ""
    stars: int | None = None
    words: str = ""


@transaction.atomic
def record_call_back(*, call_back_id: UUID, call: Call, by: Actor, now: datetime) -> None:
    """What the call brought: not reached, or solved yes / partly / no with stars. An unhappy answer opens a check."""
    known = CallBack.objects.filter(pk=call_back_id).values_list("case_id", flat=True).first()
    if known is None:
        raise NotFound("call_back_unknown", N_("没有找到这条回访"))
    case = standing.locked(known)
    if not by.may("case.dispatch", case.area_code):
        raise NotAllowed("not_allowed", N_("您的岗位不能登记回访"))
    drawn = CallBack.objects.select_for_update().get(pk=call_back_id)
    if drawn.state != "waiting":
        raise RuleBroken("called_already", N_("这条回访已经登记过了"))
    if call.reached and (
        call.solved not in {"yes", "partly", "no"}
        or (call.stars is not None and call.stars not in range(1, 6))
    ):
        raise RuleBroken("answer_missing", N_("请选择问题是否解决"), field="solved")
    drawn.state, drawn.called_by, drawn.called_at = (
        "reached" if call.reached else "unreachable",
        by.person_id,
        now,
    )
    drawn.words = call.words.strip()[:500]
    if call.reached:
        drawn.solved, drawn.stars = call.solved, call.stars
    drawn.save()
    standing.record(case, events.CALLED_BACK, by, now, call=str(drawn.id), state=drawn.state)
    rule = standing.flow_of(case).rating
    closed = call.reached and rule is not None and case.status == Status.CLOSED
    if closed and rule is not None and is_unhappy(rule, call.stars, call.solved):
        reopen_for_check(case, rule, by, now)
