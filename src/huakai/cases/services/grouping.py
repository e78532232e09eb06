"""Several cases taken together: one activity request answers all who asked (HL-16); a campaign of hard ones (SZ-34)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import transaction

from huakai.cases import events
from huakai.cases.models import Case, CaseGroup, GroupMember
from huakai.cases.queries.rows import visible
from huakai.cases.services import standing
from huakai.kernel.errors import N_, NotAllowed, NotFound, RuleBroken
from huakai.kernel.ids import new_id
from huakai.registry.access import require
from huakai.registry.types import Actor


@dataclass(frozen=True)
class NewGroup:
    """What is made: an activity request or a campaign, its title and plan, and the area it is for."""

    kind: Literal["activity", "campaign"]
    title: str
    plan: str
    area_code: str


@transaction.atomic
def group_cases(*, group: NewGroup, case_ids: Sequence[UUID], by: Actor, now: datetime) -> UUID:
    """Take cases together; each stays a case of its own and shows the group. All must be the actor's to dispatch."""
    require(by, "case.dispatch", group.area_code)
    if not group.title.strip():
        raise RuleBroken("title_missing", N_("请给这一组起个名字"), field="title")
    made = CaseGroup.objects.create(
        id=new_id(now),
        kind=group.kind,
        title=group.title.strip()[:80],
        plan=group.plan.strip()[:2000],
        area_code=group.area_code,
        pack_code=by.pack_code,
        made_by=by.person_id,
        made_at=now,
    )
    _add(made, case_ids, by, now)
    return made.id


@transaction.atomic
def add_to_group(*, group_id: UUID, case_ids: Sequence[UUID], by: Actor, now: datetime) -> int:
    """Further cases into a group; returns how many were new."""
    made = _locked(group_id, by)
    if made.state != "open":
        raise RuleBroken("group_answered", N_("这一组已经答复，请另建一组"))
    return _add(made, case_ids, by, now)


def _add(made: CaseGroup, case_ids: Sequence[UUID], by: Actor, now: datetime) -> int:
    wanted = set(case_ids)
    cases = list(visible(by, "case.dispatch").filter(pk__in=wanted, restricted=False).order_by("pk"))
    if not wanted or len(cases) != len(wanted):
        raise NotAllowed("not_allowed", N_("请选择归您派单、且可公开的单子"), field="cases")
    known = set(GroupMember.objects.filter(group=made).values_list("case_id", flat=True))
    fresh = [case for case in cases if case.id not in known]
    GroupMember.objects.bulk_create(
        GroupMember(id=new_id(now), group=made, case=case, at=now) for case in fresh
    )
    for case in fresh:
        standing.record(case, events.GROUPED, by, now, group=str(made.id), kind=made.kind)
    return len(fresh)


@transaction.atomic
def answer_group(*, group_id: UUID, answer: str, by: Actor, now: datetime) -> int:
    """One answer for all who asked: it stands on every case of the group. Returns how many. Once."""
    made = _locked(group_id, by)
    if not answer.strip():
        raise RuleBroken("answer_missing", N_("请写答复内容"), field="answer")
    if made.state != "open":
        raise RuleBroken("group_answered", N_("这一组已经答复过了"))
    made.state, made.answer, made.answered_at = "answered", answer.strip()[:2000], now
    made.save(update_fields=["state", "answer", "answered_at"])
    members = Case.objects.filter(pk__in=GroupMember.objects.filter(group=made).values("case_id"))
    cases = list(members.select_for_update().order_by("pk"))
    for case in cases:
        standing.first_answer(case, by, now)
        standing.record(case, events.GROUP_ANSWERED, by, now, group=str(made.id))
    return len(cases)


def _locked(group_id: UUID, by: Actor) -> CaseGroup:
    made = CaseGroup.objects.select_for_update().filter(pk=group_id).first()
    if made is None or not by.may("case.dispatch", made.area_code):
        raise NotFound("group_unknown", N_("没有找到这一组"))
    return made
