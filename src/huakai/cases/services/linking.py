"""Merge and its way back, split, and “我也遇到”: every reporter stays informed, and a matter is counted once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from huakai.cases import events
from huakai.cases.models import Assignment, Case, CaseLink, Follower
from huakai.cases.queries.rows import visible
from huakai.cases.services import standing, timing
from huakai.cases.services.opening import open_case
from huakai.cases.types import Answer, CaseRef, NewOrder, Origin, Status
from huakai.kernel.errors import N_, NotAllowed, NotFound, RuleBroken
from huakai.kernel.ids import new_id
from huakai.registry.types import Actor

MERGE, SPLIT = "merge", "split"


@transaction.atomic
def merge_cases(*, into: UUID, sources: Sequence[UUID], reason: str, by: Actor, now: datetime) -> int:
    """Take cases into one that goes on; those who ordered them follow it. Returns how many went in.

    A case somebody is working on is not merged away: its unit hands it back first. All or nothing.
    """
    wanted = set(sources) - {into}
    if not wanted:
        raise RuleBroken("nothing_to_merge", N_("请选择要并入的单子"), field="sources")
    cases = {case.id: case for case in _locked_all([into, *wanted])}
    target = cases[into]
    _may_dispatch(by, cases.values())
    if target.status not in (Status.OPEN, Status.PARKED):
        raise RuleBroken("target_over", N_("要并入的那一件已经办结、撤销或并走，请选在办的一件"))
    for source_id in wanted:
        _merge_one(cases[source_id], target, reason, by, now)
    standing.record(target, events.MERGED, by, now, sources=sorted(str(each) for each in wanted))
    return len(wanted)


def _merge_one(source: Case, target: Case, reason: str, by: Actor, now: datetime) -> None:
    if source.status not in (Status.OPEN, Status.PARKED):
        message = N_("{number}号单已经办结、撤销或并走，不能合并")
        raise RuleBroken("source_over", message, number=source.number)
    if source.restricted != target.restricted:
        raise RuleBroken("restricted_differs", N_("不公开的件不能与公开的件合并"))
    taken = Assignment.objects.filter(case=source, state__in=[Answer.OFFERED, Answer.ACCEPTED])
    if taken.exists():
        message = N_("{number}号单已派出或有人在办，请先收回或退回再合并")
        raise RuleBroken("source_taken", message, number=source.number)
    link = CaseLink(
        id=new_id(now), kind=MERGE, source=source, target=target, reason=reason.strip()[:300], at=now
    )
    link.stood, link.by = source.stage, by.person_id
    link.save(force_insert=True)
    CaseLink.objects.filter(kind=MERGE, target=source, undone_at=None).update(target=target)
    Case.objects.filter(merged_into=source).update(merged_into=target)
    source.status, source.merged_into, source.next_act_at = Status.MERGED, target, None
    lines = timing.merged_lines(source, standing.flow_of(source), now)
    source.due_at = source.review_at = source.feedback_due_at = None
    source.save()
    timing.write(source.id, lines, timing.calendar_of(source)[0], by.person_id)
    _follow(target, {source.requester_id, source.opened_by_id}, now)
    standing.record(source, events.MERGED, by, now, into=str(target.id))


@transaction.atomic
def unmerge_case(*, case_id: UUID, reason: str, by: Actor, now: datetime) -> CaseRef:
    """Take a merged case out again: it stands where it stood, its clocks start anew from now."""
    case = standing.locked(case_id)
    link = CaseLink.objects.select_for_update().filter(source=case, kind=MERGE, undone_at=None).first()
    if link is None:
        raise RuleBroken("not_merged", N_("这一件没有并入别的单子"))
    _may_dispatch(by, [case])
    link.undone_at, link.undone_by = now, by.person_id
    link.save(update_fields=["undone_at", "undone_by"])
    flow = standing.flow_of(case)
    case.status, case.merged_into, case.stage = Status.OPEN, None, link.stood
    if flow.stage(case.stage).status != "open":
        case.stage = flow.start
    calendar = timing.calendar_of(case)[1]
    lines = timing.reopened_lines(case, flow, calendar, now)
    case.stage_since, case.next_act_at = now, now if flow.ladder else None
    case.save()
    timing.write(case.id, lines, timing.calendar_of(case)[0], by.person_id)
    standing.record(case, events.UNMERGED, by, now, reason=bool(reason.strip()), out_of=str(link.target_id))
    return CaseRef(case.id, case.number, case.stage, case.due_at, created=True)


@transaction.atomic
def split_case(*, case_id: UUID, parts: Sequence[NewOrder], by: Actor, now: datetime) -> tuple[CaseRef, ...]:
    """Open further cases out of one, each for the same requester, linked both ways (分流, row JG-05)."""
    case = standing.locked(case_id)
    _may_dispatch(by, [case])
    if case.status not in (Status.OPEN, Status.PARKED):
        raise RuleBroken("not_open", N_("这件事已经不在办理中，不能拆分"))
    if not parts:
        raise RuleBroken("no_parts", N_("请写明拆成哪几件"), field="parts")
    made = []
    for part in parts:
        order = replace(
            part,
            area_code=part.area_code or case.area_code,
            requester_id=case.requester_id,
            caller_kind=case.caller_kind,
            channel=case.channel,
            origin=Origin("case", case.id),
        )
        ref = open_case(order=order, by=by, now=now)
        made.append(ref)
        if ref.created:
            CaseLink.objects.create(
                id=new_id(now), kind=SPLIT, source_id=ref.id, target=case, by=by.person_id, at=now
            )
    standing.record(case, events.SPLIT, by, now, parts=[str(ref.id) for ref in made])
    return tuple(made)


@transaction.atomic
def follow_case(*, case_id: UUID, by: Actor, now: datetime) -> bool:
    """“我也遇到”: be told how it goes. Open cases that are not restricted; False when one follows already."""
    case = standing.locked(case_id)
    if by.person_id is None or case.restricted:
        raise NotFound("case_unknown", N_("没有找到这张单子"))
    if case.merged_into_id is not None:
        case = standing.locked(case.merged_into_id)
    if case.status not in (Status.OPEN, Status.PARKED):
        raise RuleBroken("not_open", N_("这件事已经办结，如果又发生了，请新点一单"))
    added = _follow(case, {by.person_id}, now)
    if added:
        standing.record(case, events.FOLLOWED, by, now)
    return bool(added)


def _follow(case: Case, persons: set[UUID | None], now: datetime) -> int:
    wanted = [person for person in persons if person is not None and person != case.requester_id]
    known = set(Follower.objects.filter(case=case, person_id__in=wanted).values_list("person_id", flat=True))
    fresh = [Follower(id=new_id(now), case=case, person_id=p, at=now) for p in wanted if p not in known]
    Follower.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def _locked_all(ids: Sequence[UUID]) -> list[Case]:
    """Every case named, in the order of their keys, so that two merges never wait for each other."""
    found = list(Case.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    if len(found) != len(set(ids)):
        raise NotFound("case_unknown", N_("没有找到这张单子"))
    return found


def _may_dispatch(by: Actor, cases: object) -> None:
    """The right is asked for every case named, not only for the first."""
    ids = [case.id for case in cases]  # type: ignore[attr-defined]
    if visible(by, "case.dispatch").filter(pk__in=ids).count() != len(ids):
        raise NotAllowed("not_allowed", N_("这里有不归您派单的单子，不能合并或拆分"))
