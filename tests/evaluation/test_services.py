"""The life of an issue: collect, decide, freeze, approve by a second person, publish; and who may not."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from huakai.audit import queries as audit
from huakai.audit.types import Subject
from huakai.evaluation import queries, services
from huakai.evaluation.models import Decision, Issue, Value
from huakai.evaluation.types import Absence, Cell, IssueState, Judgement, NewIssue, Reading, Ruling
from huakai.kernel.errors import NotAllowed, NotFound, RuleBroken
from huakai.registry.types import Actor
from tests.cast import OTHER_STREET, STREET
from tests.factories.evaluation import (
    CODES,
    ELEVEN,
    frozen_board,
    lines,
    made_figures,
    open_board,
    part_of,
    readings,
    stand_units,
)

Who = Callable[[str], Actor]


@pytest.fixture(autouse=True)
def _units(cast: object) -> None:
    stand_units()


@pytest.fixture
def clerk(actor: Who) -> Actor:
    return actor("board_clerk")


@pytest.fixture
def approver(actor: Who) -> Actor:
    return actor("board_approver")


@pytest.fixture
def issue(clerk: Actor, now: datetime) -> UUID:
    return open_board(clerk, now)


def _state(issue: UUID) -> str:
    state: str = Issue.objects.values_list("state", flat=True).get(pk=issue)
    return state


def _put(issue: UUID, by: Actor, now: datetime, cells: dict[Cell, Reading | None]) -> services.Written:
    return services.put_values(issue_id=issue, cells=cells, by=by, now=now)


def test_an_issue_is_collected_frozen_approved_and_published(
    clerk: Actor, approver: Actor, now: datetime
) -> None:
    issue = frozen_board(clerk, now)
    services.approve(issue_id=issue, by=approver, now=now)
    services.publish(issue_id=issue, by=clerk, now=now)
    assert _state(issue) == IssueState.PUBLISHED
    wall = queries.wall_board(issue)
    assert lines(part_of(wall, "new_industrial_firms").red) == ["永安镇", "齐村镇、孟庄镇、税郭镇（3个并列）"]
    names = [event.name for event in audit.history(Subject("board_issue", str(issue)))]
    assert names == ["board.opened", "board.values_put", "board.frozen", "board.approved", "board.published"]


def test_the_same_issue_is_opened_once(clerk: Actor, issue: UUID, now: datetime) -> None:
    with pytest.raises(RuleBroken, match="已经建立"):
        open_board(clerk, now)


def test_writing_the_same_values_again_changes_nothing(clerk: Actor, issue: UUID, now: datetime) -> None:
    cells: dict[Cell, Reading | None] = dict(readings("trade_sales", {"孟庄镇": "3.1", "矿区街道": 2}))
    assert _put(issue, clerk, now, cells) == services.Written(2, 0, 0)
    assert _put(issue, clerk, now, cells) == services.Written(0, 0, 2)
    assert _put(
        issue, clerk, now, cells | dict(readings("trade_sales", {"矿区街道": 9}))
    ) == services.Written(0, 1, 1)


def test_a_cell_can_be_cleared(clerk: Actor, issue: UUID, now: datetime) -> None:
    cell = Cell("trade_sales", "", CODES["孟庄镇"])
    services.put_value(issue_id=issue, cell=cell, reading=Reading(Decimal(1)), by=clerk, now=now)
    services.put_value(issue_id=issue, cell=cell, reading=None, by=clerk, now=now)
    assert not Value.objects.filter(issue=issue).exists()


def test_a_street_reports_for_itself_and_not_for_its_neighbour(
    actor: Who, issue: UUID, now: datetime
) -> None:
    street = actor("street_staff")
    _put(issue, street, now, {Cell("trade_sales", "", STREET): Reading(Decimal(5))})
    with pytest.raises(NotAllowed):
        _put(issue, street, now, {Cell("trade_sales", "", OTHER_STREET): Reading(Decimal(5))})
    assert {row.unit.code for sheet in queries.sheets(street, issue) for row in sheet.rows} == {STREET}
    with pytest.raises(NotAllowed):
        queries.board_view(street, issue)


def test_a_stranger_does_not_learn_that_the_issue_exists(actor: Who, issue: UUID, now: datetime) -> None:
    with pytest.raises(NotFound):
        queries.issue_card(actor("resident"), issue)
    with pytest.raises(NotFound):
        services.freeze(issue_id=issue, by=actor("resident"), now=now)


@pytest.mark.parametrize(
    "cell",
    [
        Cell("no_such_part", "", STREET),
        Cell("trade_sales", "x", STREET),
        Cell("trade_sales", "", "370402D04"),
        Cell("trade_sales", "", "370402999"),
    ],
)
def test_a_cell_outside_the_board_is_refused(clerk: Actor, issue: UUID, now: datetime, cell: Cell) -> None:
    with pytest.raises(RuleBroken, match="不参评"):
        _put(issue, clerk, now, {cell: Reading(Decimal(1))})


def test_the_freeze_waits_for_every_cell(clerk: Actor, issue: UUID, now: datetime) -> None:
    cells = dict(made_figures())
    gone = cells.pop(Cell("trade_sales", "", STREET))
    assert gone.value is not None
    _put(issue, clerk, now, dict(cells))
    with pytest.raises(RuleBroken, match="塔塔埠街道 还没有数据") as refused:
        services.freeze(issue_id=issue, by=clerk, now=now)
    assert refused.value.code == "undecided_missing"
    _put(issue, clerk, now, {Cell("trade_sales", "", STREET): Reading(absence=Absence.MISSING)})
    services.freeze(issue_id=issue, by=clerk, now=now)
    standing = next(
        s for s in part_of(queries.board_view(clerk, issue), "trade_sales").standings if s.unit.code == STREET
    )
    assert (standing.absence, standing.rank, standing.mark) == (Absence.MISSING, None, None)


def test_the_freeze_waits_for_a_decision_when_the_lists_meet(
    clerk: Actor, issue: UUID, now: datetime
) -> None:
    cells = dict(made_figures()) | readings("trade_sales", dict.fromkeys(ELEVEN, 1))
    _put(issue, clerk, now, dict(cells))
    with pytest.raises(RuleBroken, match="同时进入红榜和黄榜"):
        services.freeze(issue_id=issue, by=clerk, now=now)
    ruling = Judgement("trade_sales", Ruling.NO_YELLOW, reason="全部持平，不提醒")
    services.decide(issue_id=issue, judgement=ruling, by=clerk, now=now)
    services.freeze(issue_id=issue, by=clerk, now=now)
    assert part_of(queries.board_view(clerk, issue), "trade_sales").judgements == (ruling,)


@pytest.mark.parametrize(
    ("judgement", "words"),
    [
        (Judgement("trade_sales", Ruling.NO_RED), "理由"),
        (Judgement("no_such", Ruling.NO_RED, reason="x"), "没有这一项"),
        (Judgement("trade_sales", Ruling.OFF_RED, "370402D04", "x"), "参评"),
        (Judgement("new_service_firms", Ruling.ON_YELLOW, STREET, "x"), "未报、迟报"),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused(
    clerk: Actor, issue: UUID, now: datetime, judgement: Judgement, words: str
) -> None:
    _put(issue, clerk, now, dict(readings("new_service_firms", {"塔塔埠街道": 1})))
    with pytest.raises(RuleBroken, match=words):
        services.decide(issue_id=issue, judgement=judgement, by=clerk, now=now)


def test_a_decision_is_recorded_once_and_can_be_taken_back(clerk: Actor, issue: UUID, now: datetime) -> None:
    ruling = Judgement("trade_sales", Ruling.NO_RED, reason="数据待核")
    services.decide(issue_id=issue, judgement=ruling, by=clerk, now=now)
    with pytest.raises(RuleBroken, match="已经记录"):
        services.decide(issue_id=issue, judgement=ruling, by=clerk, now=now)
    take_back = {"issue_id": issue, "part": "trade_sales", "ruling": Ruling.NO_RED, "unit": ""}
    services.undo_decision(**take_back, by=clerk, now=now)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        services.undo_decision(**take_back, by=clerk, now=now)  # type: ignore[arg-type]


def test_who_froze_does_not_approve(clerk: Actor, now: datetime) -> None:
    both = Actor(
        person_id=clerk.person_id,
        permissions={**clerk.permissions, "board.approve": ("370402",)},
        pack_code=clerk.pack_code,
    )
    issue = frozen_board(both, now)
    with pytest.raises(RuleBroken, match="另一位"):
        services.approve(issue_id=issue, by=both, now=now)


def test_the_database_refuses_one_person_in_both_parts(clerk: Actor, now: datetime) -> None:
    issue = frozen_board(clerk, now)
    row = Issue.objects.get(pk=issue)
    row.state, row.approved_by_id, row.approved_at = IssueState.APPROVED, clerk.person_id, now
    with pytest.raises(IntegrityError, match="issue_second_person"), transaction.atomic():
        row.save()


@pytest.mark.parametrize("role", ["street_staff", "leader", "board_approver"])
def test_only_the_office_freezes(role: str, actor: Who, issue: UUID, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        services.freeze(issue_id=issue, by=actor(role), now=now)


@pytest.mark.parametrize("role", ["street_staff", "leader", "board_clerk"])
def test_only_the_approver_approves(role: str, actor: Who, clerk: Actor, now: datetime) -> None:
    issue = frozen_board(clerk, now)
    with pytest.raises(NotAllowed):
        services.approve(issue_id=issue, by=actor(role), now=now)


def test_steps_are_taken_in_order(clerk: Actor, approver: Actor, issue: UUID, now: datetime) -> None:
    with pytest.raises(RuleBroken, match="请先冻结"):
        services.approve(issue_id=issue, by=approver, now=now)
    with pytest.raises(RuleBroken, match="请先冻结"):
        services.publish(issue_id=issue, by=clerk, now=now)
    with pytest.raises(RuleBroken, match="请先冻结"):
        services.withdraw(issue_id=issue, reason="x", by=clerk, now=now)


def test_withdrawing_goes_back_to_collecting_with_a_reason(
    clerk: Actor, approver: Actor, now: datetime
) -> None:
    issue = frozen_board(clerk, now)
    services.approve(issue_id=issue, by=approver, now=now)
    with pytest.raises(RuleBroken, match="理由"):
        services.withdraw(issue_id=issue, reason=" ", by=approver, now=now)
    services.withdraw(issue_id=issue, reason="税郭镇数据有误", by=approver, now=now)
    assert _state(issue) == IssueState.COLLECTING
    _put(issue, clerk, now, dict(readings("trade_sales", {"税郭镇": 1})))
    assert audit.history(Subject("board_issue", str(issue)))[-2].after == {"reason": "税郭镇数据有误"}


def test_values_of_a_frozen_issue_stand_still_even_past_the_service(clerk: Actor, now: datetime) -> None:
    issue = frozen_board(clerk, now)
    with pytest.raises(RuleBroken, match="退回收集"):
        _put(issue, clerk, now, dict(readings("trade_sales", {"税郭镇": 99})))
    row = Value.objects.filter(issue=issue).first()
    assert row is not None
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        Value.objects.filter(pk=row.pk).update(value=99)
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        row.delete()
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        Decision.objects.create(
            id=row.pk, issue_id=issue, part="x", ruling=Ruling.NO_RED, reason="x", decided_at=now
        )


def test_a_published_issue_never_changes(clerk: Actor, approver: Actor, now: datetime) -> None:
    issue = frozen_board(clerk, now)
    quiet: tuple[dict[str, Any], ...] = ({"content": {}}, {"content_hash": "0" * 64})
    for change in quiet:
        with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
            Issue.objects.filter(pk=issue).update(state=IssueState.APPROVED, **change)
    services.approve(issue_id=issue, by=approver, now=now)
    services.publish(issue_id=issue, by=clerk, now=now)
    loud: tuple[dict[str, Any], ...] = (
        {"content": {}},
        {"state": IssueState.COLLECTING},
        {"source_line": "x"},
    )
    for change in loud:
        with pytest.raises(IntegrityError, match="published"), transaction.atomic():
            Issue.objects.filter(pk=issue).update(**change)
    with (
        pytest.raises(IntegrityError, match="published"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("DELETE FROM evaluation_issue WHERE id = %s", [issue])
    with pytest.raises(RuleBroken, match="不能再改"):
        services.withdraw(issue_id=issue, reason="x", by=clerk, now=now)


@pytest.mark.parametrize(
    "change",
    [
        {"state": "frozen"},
        {"state": "nonsense"},
        {"content": {}},
        {"period": "3月"},
        {"ends_on": "2025-01-01"},
    ],
)
def test_the_database_refuses_half_a_step(issue: UUID, change: dict[str, object]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Issue.objects.filter(pk=issue).update(**change)


def test_the_database_refuses_a_value_with_a_reason_for_absence_and_a_second_value(
    clerk: Actor, issue: UUID, now: datetime
) -> None:
    _put(issue, clerk, now, dict(readings("trade_sales", {"税郭镇": 1})))
    row = Value.objects.get(issue=issue)
    with pytest.raises(IntegrityError, match="value_or_absence"), transaction.atomic():
        Value.objects.filter(pk=row.pk).update(absence="late")
    row.pk = issue
    with pytest.raises(IntegrityError, match="value_once"), transaction.atomic():
        row.save(force_insert=True)


def test_the_database_refuses_a_decision_without_reason_or_unit(
    clerk: Actor, issue: UUID, now: datetime
) -> None:
    plain = {"issue_id": issue, "part": "trade_sales", "decided_at": now}
    with pytest.raises(IntegrityError, match="decision_reason"), transaction.atomic():
        Decision.objects.create(id=issue, ruling=Ruling.NO_RED, reason="", **plain)
    with pytest.raises(IntegrityError, match="decision_unit"), transaction.atomic():
        Decision.objects.create(id=issue, ruling=Ruling.OFF_RED, reason="x", **plain)


def test_a_dry_run_writes_nothing(clerk: Actor, issue: UUID, now: datetime) -> None:
    cells = dict(readings("trade_sales", {"税郭镇": 1}))
    written = services.put_values(issue_id=issue, cells=cells, by=clerk, now=now, dry_run=True)
    assert written.created == 1
    assert not Value.objects.filter(issue=issue).exists()


@pytest.mark.parametrize(
    ("new", "words"),
    [
        (NewIssue("no_such_board", "1—2月", date(2026, 1, 1), date(2026, 3, 1)), "榜单模板"),
        (NewIssue("three_compare", "1—2月", date(2026, 3, 1), date(2026, 3, 1)), "晚于"),
    ],
)
def test_an_issue_that_cannot_be_is_refused(clerk: Actor, now: datetime, new: NewIssue, words: str) -> None:
    with pytest.raises(RuleBroken, match=words):
        services.open_issue(new=new, pack_code="shizhong", by=clerk, now=now)


def test_a_decision_about_a_unit_takes_it_off_and_back(clerk: Actor, issue: UUID, now: datetime) -> None:
    _put(issue, clerk, now, dict(made_figures()))
    unit = CODES["孟庄镇"]
    ruling = Judgement("trade_sales", Ruling.OFF_RED, unit, "数据复核中")
    services.decide(issue_id=issue, judgement=ruling, by=clerk, now=now)
    assert "孟庄镇" not in lines(part_of(queries.board_view(clerk, issue), "trade_sales").red)
    services.undo_decision(
        issue_id=issue, part="trade_sales", ruling=Ruling.OFF_RED, unit=unit, by=clerk, now=now
    )
    assert "孟庄镇" in lines(part_of(queries.board_view(clerk, issue), "trade_sales").red)
