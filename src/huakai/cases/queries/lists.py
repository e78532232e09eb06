"""Lists of cases, paged by key: the last page costs what the first one does."""

import base64
import binascii
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Q, QuerySet

from huakai.cases.models import Assignment, Case, GroupMember, Supervision
from huakai.cases.queries import catalogue, search
from huakai.cases.queries.rows import JOINS, listed, row_of, visible
from huakai.cases.types import Answer, CaseFilter, CaseRow, Page
from huakai.kernel.errors import N_, RuleBroken
from huakai.registry.types import Actor

SOON = timedelta(hours=2)
FAR = "9999-12-31T00:00:00+00:00"


def case_list(
    actor: Actor,
    wanted: CaseFilter,
    *,
    now: datetime,
    cursor: str = "",
    limit: int = 50,
    action: str = "case.view",
) -> Page:
    """One page of the cases `actor` may see; `cursor` comes from an earlier page (`last` is the end)."""
    by_due = wanted.order == "due"
    text = "" if by_due else wanted.search.strip()
    rows = narrowed(visible(actor, action), replace(wanted, search="") if text else wanted, actor, now)
    if text:
        rows = _searchable(rows, actor)
    return _page(rows, by_due=by_due, cursor=cursor, limit=max(1, min(limit, 200)), text=text)


def narrowed(rows: QuerySet[Case], wanted: CaseFilter, actor: Actor, now: datetime) -> QuerySet[Case]:
    """Apply a filter; panel counters and lists share it, so that a number and its list agree."""
    exact = {
        "category": wanted.category,
        "caller_kind": wanted.caller_kind,
        "channel": wanted.channel,
        "stage": wanted.stage,
        "flow": wanted.flow,
        "status": wanted.status,
        "outcome": wanted.outcome,
        "origin_id": wanted.origin,
    }
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if not wanted.status:
        rows = rows.exclude(status="merged")  # counted once, with the case it went into
    if wanted.group:
        rows = rows.filter(pk__in=GroupMember.objects.filter(group=wanted.group).values("case_id"))
    if wanted.stages is not None:
        rows = rows.filter(stage__in=wanted.stages)
    if wanted.tag:
        rows = rows.filter(tag="" if wanted.tag == "none" else wanted.tag)
    if wanted.area.endswith("="):
        rows = rows.filter(area_code=wanted.area[:-1])
    elif wanted.area:
        rows = rows.filter(area_code__startswith=wanted.area)
    if wanted.opened_from:
        rows = rows.filter(opened_at__gte=wanted.opened_from)
    if wanted.opened_until:
        rows = rows.filter(opened_at__lt=wanted.opened_until)
    if wanted.search.strip():
        rows = search.matching(_searchable(rows, actor), wanted.search)
    return rows.filter(_view(wanted.view, actor, now))


def _searchable(rows: QuerySet[Case], actor: Actor) -> QuerySet[Case]:
    """What is only counted is not searched either: a hit would say what its text holds."""
    shown = visible(actor).filter(restricted=True).values("pk")
    return rows.filter(Q(restricted=False) | Q(pk__in=shown))


def _view(view: str, actor: Actor, now: datetime) -> Q:
    """A named list as a condition; an unknown name narrows nothing."""
    lists = {
        "unanswered": lambda: Q(status="open", first_answer_at=None),
        "answered": lambda: Q(first_answer_at__isnull=False),
        "overdue": lambda: Q(status="open", due_at__lte=now),
        "due_soon": lambda: Q(status="open", due_at__gt=now, due_at__lte=now + SOON),
        "unrated": lambda: Q(status="closed", stars=None),
        "review_due": lambda: Q(status="parked", review_at__lte=now),
        "feedback_late": lambda: Q(status="open", feedback_due_at__lte=now),
        "supervised": lambda: Q(pk__in=_beside("supervise", ("open", "answered"))),
        "accounted": lambda: Q(pk__in=_beside("account", ("proposed", "decided", "appealed", "final"))),
        "solved": lambda: Q(solved=True),
        "assigned": lambda: Q(assigned_at__isnull=False),
        "accepted": lambda: Q(accepted_at__isnull=False),
        "mine": lambda: Q(opened_by_id=actor.person_id),
    }
    return lists.get(view, Q)()


def _page(rows: QuerySet[Case], *, by_due: bool, cursor: str, limit: int, text: str = "") -> Page:
    """One page; `text` is still to be searched for, of lists in order of opening."""
    keys = ("due_at", "id") if by_due else ("-id",)
    back_keys = ("-due_at", "-id") if by_due else ("id",)
    if by_due:
        rows = rows.filter(due_at__isnull=False)
    direction, mark = _read_cursor(cursor)
    backwards = direction in {"before", "last"}
    if text:
        beyond = UUID(mark[-1]) if mark else None
        rows = search.first_matching(rows, text, count=limit + 1, beyond=beyond, oldest_first=backwards)
        rows = Case.objects.filter(pk__in=list(rows.values_list("pk", flat=True)))
    elif mark:
        rows = rows.filter(_beyond(mark, by_due=by_due, forward=not backwards))
    found = listed(rows, *(back_keys if backwards else keys), limit=limit + 1)
    more = len(found) > limit
    found = found[:limit]
    if backwards:
        found.reverse()
    has_next = more if not backwards else direction == "before"
    has_prev = more if backwards else direction == "after"
    return Page(
        rows=tuple(found),
        next_cursor=_cursor("after", found[-1], by_due) if found and has_next else None,
        prev_cursor=_cursor("before", found[0], by_due) if found and has_prev else None,
    )


def _beyond(mark: list[str], *, by_due: bool, forward: bool) -> Q:
    if by_due:
        due, key = datetime.fromisoformat(mark[0]), UUID(mark[1])
        side = "gt" if forward else "lt"
        return Q(**{f"due_at__{side}": due}) | Q(due_at=due, **{f"id__{side}": key})
    return Q(**{"id__lt" if forward else "id__gt": UUID(mark[0])})


def _cursor(direction: str, case: CaseRow, by_due: bool) -> str:
    parts = [direction]
    if by_due:
        parts.append(case.due_at.isoformat() if case.due_at else FAR)
    parts.append(str(case.id))
    return base64.urlsafe_b64encode("|".join(parts).encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[str, list[str]]:
    if cursor in {"", "last"}:
        return cursor, []
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        direction, *mark = text.split("|")
        UUID(mark[-1])
        if len(mark) == 2:
            datetime.fromisoformat(mark[0])
    except (ValueError, binascii.Error, IndexError):
        raise RuleBroken("cursor_wrong", N_("翻页位置无效，请从第一页重新打开")) from None
    if direction not in {"after", "before"}:
        raise RuleBroken("cursor_wrong", N_("翻页位置无效，请从第一页重新打开"))
    return direction, mark


def may_see(actor: Actor, case_id: str) -> bool:
    """Does the case lie within what the actor sees? (photos ask this) The same people see its card."""
    opened = Q(opened_by_id=actor.person_id) if actor.person_id else Q(pk__in=[])
    asked = _asked(actor).filter(state=Answer.OFFERED).values("case_id")
    rows = visible(actor) | Case.objects.filter(opened | Q(pk__in=asked))
    return rows.filter(pk=case_id).exists()


def _beside(kind: str, states: tuple[str, ...]) -> QuerySet[Supervision, UUID]:
    """Cases that stand on a list of supervision or accountability; they stand on their own list as well."""
    return Supervision.objects.filter(kind=kind, state__in=states).values_list("case_id", flat=True)


def my_orders(actor: Actor, *, now: datetime, cursor: str = "", limit: int = 20) -> Page:
    """What the actor ordered, newest first, for whomever."""
    own = Case.objects.filter(Q(requester_id=actor.person_id) | Q(opened_by_id=actor.person_id))
    return _page(own, by_due=False, cursor=cursor, limit=limit)


def my_tasks(actor: Actor) -> tuple[tuple[CaseRow, ...], tuple[CaseRow, ...], tuple[CaseRow, ...]]:
    """(offers waiting for my answer, what I am doing, the last 20 I finished)."""
    rows = Case.objects.all()
    asked = rows.filter(pk__in=_asked(actor).filter(state=Answer.OFFERED).values("case_id"), status="open")
    mine = Q(taker_person_id=actor.person_id) | Q(taker_team_id__in=actor.led_team_ids)
    return (
        tuple(listed(asked, "due_at")),
        tuple(listed(rows.filter(mine, status="open"), "due_at")),
        tuple(listed(rows.filter(mine, status="closed"), "-closed_at", limit=20)),
    )


def offers_waiting(actor: Actor) -> int:
    """How many offers wait for the actor's answer, their own and those to teams they lead."""
    if not (actor.is_volunteer or actor.led_team_ids):
        return 0
    return _asked(actor).filter(state=Answer.OFFERED, case__status="open").count()


def _asked(actor: Actor) -> QuerySet[Assignment]:
    if actor.person_id is None:
        return Assignment.objects.none()
    return Assignment.objects.filter(Q(person_id=actor.person_id) | Q(team_id__in=actor.led_team_ids))


def open_orders(
    actor: Actor, *, skills: tuple[str, ...], area: str, now: datetime, limit: int = 30
) -> tuple[CaseRow, ...]:
    """Orders a volunteer may take up: to dispatch, claimable, within the area; the most pressing first.

    Only services the volunteer has the skill for; without registered skills, all. No personal field but the
    masked name; people already asked about a case do not see it here again.
    """
    rows = Case.objects.filter(status="open", stage="ordered", area_code__startswith=area, restricted=False)
    rows = rows.exclude(requester_id=actor.person_id)
    rows = rows.exclude(pk__in=_asked(actor).values("case_id"))
    found = rows.select_related(*JOINS).order_by(F("due_at").asc(nulls_last=True), "id")[: limit * 3]
    return tuple(row_of(case) for case in found if _fits(case, skills))[:limit]


def _fits(case: Case, skills: tuple[str, ...]) -> bool:
    menu = catalogue.menu_of_edition(case.edition_id)
    flow = menu.flows[case.flow]
    service = menu.services.get(case.service)
    claimable = flow.offers is not None and flow.offers.claim
    return claimable and (not skills or service is None or service.skill in skills)
