"""Writes of the boards: collect, decide, freeze, approve by a second person, publish for good."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from huakai.audit import services as audit
from huakai.audit.types import Fact, Subject
from huakai.evaluation import events, queries
from huakai.evaluation.models import Decision, Issue, Value
from huakai.evaluation.rules import boards, scores
from huakai.evaluation.types import (
    WHOLE_LIST,
    Absence,
    Cell,
    IssueState,
    Judgement,
    NewIssue,
    Reading,
    Ruling,
    Source,
)
from huakai.kernel.errors import N_, NotFound, RuleBroken
from huakai.kernel.ids import new_id
from huakai.packs import queries as packs
from huakai.registry import queries as registry
from huakai.registry.access import require
from huakai.registry.types import Actor

WRONG_STATE = {
    IssueState.COLLECTING: N_("这一期还在收集，请先冻结"),
    IssueState.FROZEN: N_("这一期已冻结待审核；要改数据请先退回收集"),
    IssueState.APPROVED: N_("这一期已审核待发布；要改数据请先退回收集"),
    IssueState.PUBLISHED: N_("这一期已经发布，不能再改"),
}
UNDECIDED = {
    "missing": N_("{item}：{units} 还没有数据，请补报，或注明未报、迟报、不适用"),
    "overlap": N_("{item}：{units} 同时进入红榜和黄榜，请先决定如何公布"),
}


@dataclass(frozen=True)
class Written:
    """What putting values changed."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0


@transaction.atomic
def open_issue(*, new: NewIssue, pack_code: str, by: Actor, now: datetime) -> UUID:
    """Open an issue of a board under the current edition of the place's pack."""
    edition = packs.current(pack_code)
    require(by, "board.freeze", edition.root_code)
    board = edition.find(queries.SECTION, new.board)
    if board is None:
        raise NotFound("no_board", N_("没有名为“{board}”的榜单模板"), board=new.board)
    if new.ends_on <= new.starts_on:
        raise RuleBroken("period_backwards", N_("结束日期应当晚于开始日期"), field="ends_on")
    issue = Issue(
        id=new_id(now),
        board=board.code,
        edition_id=edition.id,
        area_code=edition.root_code,
        title=board.title,
        title_en=board.title_en,
        period=new.period,
        starts_on=new.starts_on,
        ends_on=new.ends_on,
        source_line=board.source_line,
        state=IssueState.COLLECTING,
        opened_by_id=by.person_id,
        opened_at=now,
    )
    try:
        with transaction.atomic():
            issue.save(force_insert=True)
    except IntegrityError:
        raise RuleBroken(
            "issue_exists", N_("“{period}”这一期已经建立"), field="period", period=new.period
        ) from None
    _record(events.OPENED, issue, by, now, after={"board": board.code, "period": new.period})
    return issue.pk


@transaction.atomic
def put_values(
    *, issue_id: UUID, cells: Mapping[Cell, Reading | None], by: Actor, now: datetime, dry_run: bool = False
) -> Written:
    """Write cells of a collecting issue; None clears one. What is already so is left alone."""
    issue = _locked(issue_id, by)
    for cell in cells:
        require(by, "board.collect", cell.unit)
    _must_be(issue, IssueState.COLLECTING)
    units = _checked_cells(issue, cells)
    rows = {Cell(v.part, v.component, v.unit.code): v for v in _values(issue)}
    before = {cell: queries.reading_of(rows[cell]) if cell in rows else None for cell in cells}
    changed = {cell: reading for cell, reading in cells.items() if not _same(before[cell], reading)}
    if changed and not dry_run:
        stamp = _Stamp(issue.pk, by.person_id, now)
        _store(stamp, {c: (rows.get(c), units[c.unit], reading) for c, reading in changed.items()})
        files = sorted({r.source.file for r in changed.values() if r is not None and r.source.file})
        changes = [_change(cell, before[cell], reading) for cell, reading in changed.items()]
        _record(events.VALUES_PUT, issue, by, now, after={"files": files, "changes": changes})
    created = sum(1 for cell in changed if cell not in rows)
    return Written(created, len(changed) - created, len(cells) - len(changed))


def _values(issue: Issue) -> list[Value]:
    return list(Value.objects.filter(issue=issue).select_related("unit"))


def _same(before: Reading | None, after: Reading | None) -> bool:
    if before is None or after is None:
        return before is after
    return (before.value, before.absence) == (after.value, after.absence)


def _said(reading: Reading | None) -> str | None:
    """A reading as the record keeps it."""
    if reading is None:
        return None
    return reading.absence.value if reading.absence else f"{reading.value:f}"


def _change(cell: Cell, before: Reading | None, after: Reading | None) -> list[str | None]:
    return [cell.part, cell.component, cell.unit, _said(before), _said(after)]


def _checked_cells(issue: Issue, cells: Mapping[Cell, Reading | None]) -> dict[str, UUID]:
    """Unit code → key, when every cell belongs to the board."""
    facts = queries.facts_of(issue)
    rankings = {part: ranking for part, _, _, ranking in facts.board.rankings()}
    for cell in cells:
        ranking = rankings.get(cell.part)
        components = [c.component for c in scores.columns_of(ranking)] if ranking else []
        measured = {u.code for u in boards.measured(facts.board, ranking, facts.units)} if ranking else set()
        if cell.component not in components or cell.unit not in measured:
            raise RuleBroken(
                "no_cell", N_("{unit} 不参评 {part}"), field="value", unit=cell.unit, part=cell.part
            )
    found = registry.units_by_codes({cell.unit for cell in cells})
    return {code: card.id for code, card in found.items()}


@dataclass(frozen=True)
class _Stamp:
    issue_id: UUID
    by: UUID | None
    at: datetime


def _store(stamp: _Stamp, cells: Mapping[Cell, tuple[Value | None, UUID, Reading | None]]) -> None:
    made: list[Value] = []
    kept: list[Value] = []
    for cell, (row, unit_id, reading) in cells.items():
        if reading is None:
            assert row is not None  # clearing what is not there is no change
            row.delete()
            continue
        value = row or Value(
            id=new_id(stamp.at),
            issue_id=stamp.issue_id,
            part=cell.part,
            component=cell.component,
            unit_id=unit_id,
        )
        (kept if row else made).append(value)
        value.value, value.absence = reading.value, reading.absence or ""
        value.source_file, value.source_sheet = reading.source.file[:200], reading.source.sheet[:80]
        value.source_line = reading.source.line
        value.submitted_by_id, value.submitted_at = stamp.by, stamp.at
    Value.objects.bulk_create(made)
    Value.objects.bulk_update(
        kept,
        ["value", "absence", "source_file", "source_sheet", "source_line", "submitted_by", "submitted_at"],
    )


@transaction.atomic
def put_value(*, issue_id: UUID, cell: Cell, reading: Reading | None, by: Actor, now: datetime) -> Written:
    """One cell, typed in on the page."""
    typed = Reading(reading.value, reading.absence, Source()) if reading else None
    return put_values(issue_id=issue_id, cells={cell: typed}, by=by, now=now)


@transaction.atomic
def decide(*, issue_id: UUID, judgement: Judgement, by: Actor, now: datetime) -> UUID:
    """Record a person's decision about a part, with the reason."""
    issue = _locked(issue_id, by, "board.freeze")
    _must_be(issue, IssueState.COLLECTING)
    if not judgement.reason.strip():
        raise RuleBroken("reason_missing", N_("请写明理由"), field="reason")
    unit_id = _judged_unit(issue, judgement)
    decision = Decision(
        id=new_id(now),
        issue=issue,
        part=judgement.part,
        ruling=judgement.ruling,
        unit_id=unit_id,
        reason=judgement.reason.strip()[:200],
        decided_by_id=by.person_id,
        decided_at=now,
    )
    try:
        with transaction.atomic():
            decision.save(force_insert=True)
    except IntegrityError:
        raise RuleBroken("decided_already", N_("这项决定已经记录过")) from None
    after = {
        "part": judgement.part,
        "ruling": judgement.ruling,
        "unit": judgement.unit,
        "reason": decision.reason,
    }
    _record(events.DECIDED, issue, by, now, after=after)
    return decision.pk


def _judged_unit(issue: Issue, judgement: Judgement) -> UUID | None:
    """The unit a ruling names, when the ruling makes sense for it."""
    view = queries.view_of(issue)
    part = next((p for _, _, p in view.parts() if p.code == judgement.part), None)
    if part is None:
        raise NotFound("no_part", N_("榜单里没有这一项"))
    if judgement.ruling in WHOLE_LIST:
        return None
    standing = next((s for s in part.standings if s.unit.code == judgement.unit), None)
    if standing is None:
        raise RuleBroken("unit_not_measured", N_("请选择参评本项的单位"), field="unit")
    if judgement.ruling is Ruling.ON_YELLOW and standing.absence not in (Absence.MISSING, Absence.LATE):
        message = N_("只有未报、迟报的单位可以决定列入黄榜；其他单位由数据排定")
        raise RuleBroken("unit_has_value", message, field="unit")
    card = registry.unit_by_code(judgement.unit)
    return card.id if card else None


@transaction.atomic
def undo_decision(*, issue_id: UUID, part: str, ruling: Ruling, unit: str, by: Actor, now: datetime) -> None:
    """Take a decision back while the issue is collecting."""
    issue = _locked(issue_id, by, "board.freeze")
    _must_be(issue, IssueState.COLLECTING)
    wanted = {"unit__code": unit} if unit else {"unit": None}
    found = Decision.objects.filter(issue=issue, part=part, ruling=ruling, **wanted).first()
    if found is None:
        raise NotFound("no_decision", N_("没有这项决定"))
    found.delete()
    before = {"part": part, "ruling": ruling, "unit": unit, "reason": found.reason}
    _record(events.UNDECIDED, issue, by, now, before=before)


@transaction.atomic
def freeze(*, issue_id: UUID, by: Actor, now: datetime) -> str:
    """Compute the board and store it; from now on values and lists stand still. Returns the hash."""
    issue = _locked(issue_id, by, "board.freeze")
    _must_be(issue, IssueState.COLLECTING)
    view = boards.board_view(queries.facts_of(issue))
    for trouble in view.troubles:
        names = "、".join(unit.name for unit in trouble.units)
        code = f"undecided_{trouble.code}"
        raise RuleBroken(code, UNDECIDED[trouble.code], item=trouble.title, units=names)
    issue.content = boards.archived(view)
    issue.content_hash = boards.content_hash(issue.content)
    issue.state, issue.frozen_by_id, issue.frozen_at = IssueState.FROZEN, by.person_id, now
    issue.save(update_fields=["content", "content_hash", "state", "frozen_by", "frozen_at"])
    _record(events.FROZEN, issue, by, now, after={"hash": issue.content_hash})
    return issue.content_hash


@transaction.atomic
def approve(*, issue_id: UUID, by: Actor, now: datetime) -> None:
    """A second person confirms the frozen board."""
    issue = _locked(issue_id, by, "board.approve")
    _must_be(issue, IssueState.FROZEN)
    if issue.frozen_by_id == by.person_id:
        raise RuleBroken("second_person", N_("审核须由冻结人以外的另一位同志办理"))
    issue.state, issue.approved_by_id, issue.approved_at = IssueState.APPROVED, by.person_id, now
    issue.save(update_fields=["state", "approved_by", "approved_at"])
    _record(events.APPROVED, issue, by, now, after={"hash": issue.content_hash})


@transaction.atomic
def publish(*, issue_id: UUID, by: Actor, now: datetime) -> None:
    """Publish the approved board; it never changes again."""
    issue = _locked(issue_id, by, "board.freeze", "board.approve")
    _must_be(issue, IssueState.APPROVED)
    issue.state, issue.published_by_id, issue.published_at = IssueState.PUBLISHED, by.person_id, now
    issue.save(update_fields=["state", "published_by", "published_at"])
    after = {"board": issue.board, "period": issue.period, "hash": issue.content_hash}
    _record(events.PUBLISHED, issue, by, now, after=after)


@transaction.atomic
def withdraw(*, issue_id: UUID, reason: str, by: Actor, now: datetime) -> None:
    """Back to collecting, before publication only, with the reason."""
    issue = _locked(issue_id, by, "board.freeze", "board.approve")
    if issue.state not in (IssueState.FROZEN, IssueState.APPROVED):
        raise _wrong_state(issue)
    if not reason.strip():
        raise RuleBroken("reason_missing", N_("请写明理由"), field="reason")
    before = {"state": issue.state, "hash": issue.content_hash}
    issue.state, issue.content, issue.content_hash = IssueState.COLLECTING, None, ""
    issue.frozen_by_id = issue.frozen_at = issue.approved_by_id = issue.approved_at = None
    issue.save()
    _record(events.WITHDRAWN, issue, by, now, before=before, after={"reason": reason.strip()[:200]})


def _locked(issue_id: UUID, by: Actor, *actions: str) -> Issue:
    """The issue, locked; `by` must hold one of the actions for its area (none given: any sight of it)."""
    queries.issue_of(by, issue_id)
    issue = Issue.objects.select_for_update().get(pk=issue_id)
    if actions and not any(by.may(action, issue.area_code) for action in actions):
        require(by, actions[0], issue.area_code)
    return issue


def _must_be(issue: Issue, state: IssueState) -> None:
    if issue.state != state:
        raise _wrong_state(issue)


def _wrong_state(issue: Issue) -> RuleBroken:
    return RuleBroken("wrong_state", WRONG_STATE[IssueState(issue.state)])


def _record(
    name: str,
    issue: Issue,
    by: Actor,
    now: datetime,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    audit.record(
        Fact(
            name=name,
            subject=Subject(events.SUBJECT, str(issue.pk)),
            at=now,
            actor_id=by.person_id,
            before=before or {},
            after=after or {},
            edition_id=issue.edition_id,
            area_code=issue.area_code,
            request_id=by.request_id,
        )
    )
