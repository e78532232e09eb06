"""Reads of the boards: issues, the board computed or archived, the collection table, one unit's page."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from huakai.evaluation.definitions import Board, Ranking
from huakai.evaluation.models import Decision, Issue, Value
from huakai.evaluation.rules import boards, scores, workbooks
from huakai.evaluation.types import (
    Absence,
    BoardUnit,
    BoardView,
    Cell,
    Colour,
    IssueCard,
    IssueRow,
    IssueState,
    Judgement,
    Listing,
    Reading,
    Ruling,
    Sheet,
    SheetCell,
    SheetColumn,
    SheetRow,
    Source,
    Step,
    UnitEntry,
)
from huakai.kernel.errors import N_, NotAllowed, NotFound
from huakai.packs import queries as packs
from huakai.registry import queries as registry
from huakai.registry.access import scope_q
from huakai.registry.types import Actor

SECTION = "evaluation"
CHINESE = "zh-hans"


def boards_of(pack_code: str) -> dict[str, Board]:
    """The board templates of a place."""
    return packs.current(pack_code).all(SECTION)


def issue_rows(actor: Actor) -> list[IssueRow]:
    """Every issue the actor may see, newest first."""
    rows = Issue.objects.filter(_visible(actor)).defer("content").order_by("-starts_on", "-opened_at")
    return [row_of(issue) for issue in rows]


def _visible(actor: Actor) -> Q:
    """Issues of one's own area; of the area above, too: its published boards, and one's own cells to fill in."""
    prefixes = actor.prefixes("board.view")
    above = {prefix[:length] for prefix in prefixes for length in range(1, len(prefix))}
    return scope_q(actor, "board.view") | Q(area_code__in=above)


def published_issues(prefix: str = "") -> list[IssueRow]:
    """What everyone may read: published issues under a unit code, newest first."""
    rows = Issue.objects.filter(state=IssueState.PUBLISHED, area_code__startswith=prefix).defer("content")
    return [row_of(issue) for issue in rows.order_by("-published_at")]


def collecting_issue(board: str, period: str) -> UUID:
    """The issue that is collecting figures for this board and period."""
    rows = Issue.objects.filter(board=board, period=period, state=IssueState.COLLECTING)
    found = rows.order_by("-opened_at").values_list("pk", flat=True).first()
    if found is None:
        message = N_("没有正在收集的“{board}”{period}，请先建立这一期")
        raise NotFound("no_collecting_issue", message, board=board, period=period)
    return found


def row_of(issue: Issue) -> IssueRow:
    """An issue for a list."""
    return IssueRow(
        id=issue.pk,
        board=issue.board,
        title=issue.title,
        title_en=issue.title_en,
        period=issue.period,
        state=IssueState(issue.state),
        area_code=issue.area_code,
        published_at=issue.published_at,
        content_hash=issue.content_hash,
    )


def issue_of(actor: Actor, issue_id: UUID) -> Issue:
    """The issue, when the actor may know of it; otherwise it does not exist."""
    issue = Issue.objects.filter(_visible(actor), pk=issue_id).first()
    if issue is None:
        raise _unknown()
    return issue


def may_read(actor: Actor, issue: Issue) -> bool:
    """The whole board: by those of its area at any time, by the units below once it is published."""
    return actor.may("board.view", issue.area_code) or issue.state == IssueState.PUBLISHED


def _unknown() -> NotFound:
    return NotFound("no_issue", N_("没有这一期榜单，或者您不能查看"))


def board_of(issue: Issue) -> Board:
    """The template the issue was opened under."""
    board: Board = packs.edition(issue.edition_id).get(SECTION, issue.board)
    return board


def units_of(board: Board, area_code: str, on: date) -> tuple[BoardUnit, ...]:
    """The units of the board's groups on a day, in print order."""
    codes = {g.unit_group: g.code for g in board.groups}
    found = registry.units_in_groups(area_code, on)
    return tuple(
        BoardUnit(card.code, card.name, codes[group], order)
        for group, cards in found.items()
        if group in codes
        for order, card in enumerate(cards, start=1)
    )


def reading_of(row: Value) -> Reading:
    """A stored value as the rules take it."""
    source = Source(row.source_file, row.source_sheet, row.source_line)
    value = None if row.value is None else row.value.normalize() if row.value else Decimal(0)
    return Reading(value, Absence(row.absence) if row.absence else None, source)


def readings_of(issue_id: UUID) -> dict[Cell, Reading]:
    """Every reported cell of an issue."""
    rows = Value.objects.filter(issue_id=issue_id).select_related("unit")
    return {Cell(row.part, row.component, row.unit.code): reading_of(row) for row in rows}


def judgements_of(issue_id: UUID) -> tuple[Judgement, ...]:
    """What people decided about an issue, oldest first."""
    rows = Decision.objects.filter(issue_id=issue_id).select_related("unit").order_by("decided_at", "id")
    return tuple(
        Judgement(row.part, Ruling(row.ruling), row.unit.code if row.unit else "", row.reason) for row in rows
    )


def facts_of(issue: Issue) -> boards.BoardFacts:
    """Everything the board of an issue is computed from."""
    board = board_of(issue)
    return boards.BoardFacts(
        board=board,
        period=issue.period,
        units=units_of(board, issue.area_code, issue.starts_on),
        readings=readings_of(issue.pk),
        judgements=judgements_of(issue.pk),
    )


def view_of(issue: Issue) -> BoardView:
    """The board: computed afresh while collecting, as archived from the freeze on."""
    if issue.content is None:
        return boards.board_view(facts_of(issue))
    return boards.restored(issue.content)


def board_view(actor: Actor, issue_id: UUID, language: str = CHINESE) -> BoardView:
    """The board as the actor may see it."""
    issue = issue_of(actor, issue_id)
    if not may_read(actor, issue):
        raise NotAllowed("board_not_published", N_("这一期还没有发布，发布后可以查看"))
    return boards.in_language(view_of(issue), language)


def wall_board(issue_id: UUID, language: str = CHINESE) -> BoardView:
    """A published board for walls and residents; nothing that is not published."""
    issue = Issue.objects.filter(pk=issue_id, state=IssueState.PUBLISHED).first()
    if issue is None or issue.content is None:
        raise _unknown()
    return boards.in_language(boards.restored(issue.content), language)


@dataclass(frozen=True)
class PublishedMark:
    """What a wall compares to know whether its board changed."""

    id: UUID
    content_hash: str


def newest_published(board: str, prefix: str) -> PublishedMark | None:
    """The newest published issue of a board under a unit code."""
    rows = Issue.objects.filter(board=board, area_code__startswith=prefix, state=IssueState.PUBLISHED)
    found = rows.order_by("-published_at").values_list("pk", "content_hash").first()
    return PublishedMark(*found) if found else None


def issue_card(actor: Actor, issue_id: UUID) -> IssueCard:
    """Where an issue stands."""
    issue = issue_of(actor, issue_id)
    collected = _sheets(issue)
    expected = sum(sheet.expected for sheet in collected)
    stamps = [
        (IssueState.COLLECTING, issue.opened_by_id, issue.opened_at),
        (IssueState.FROZEN, issue.frozen_by_id, issue.frozen_at),
        (IssueState.APPROVED, issue.approved_by_id, issue.approved_at),
        (IssueState.PUBLISHED, issue.published_by_id, issue.published_at),
    ]
    names = registry.masked_names([by for _, by, _ in stamps if by])
    return IssueCard(
        row=row_of(issue),
        starts_on=issue.starts_on,
        ends_on=issue.ends_on,
        edition_id=issue.edition_id,
        edition_number=packs.edition(issue.edition_id).number,
        source_line=issue.source_line,
        steps=tuple(Step(state, by, names.get(by, "") if by else "", at) for state, by, at in stamps if at),
        reported=expected - sum(sheet.missing for sheet in collected),
        expected=expected,
        frozen_by=issue.frozen_by_id,
    )


def sheets(actor: Actor, issue_id: UUID, language: str = CHINESE) -> list[Sheet]:
    """The collection table of an issue, part by part: the units the actor may see or fill in."""
    issue = issue_of(actor, issue_id)
    found = [boards.in_language(sheet, language) for sheet in _sheets(issue)]
    if may_read(actor, issue):
        return found
    own = [
        replace(s, rows=tuple(r for r in s.rows if actor.may("board.collect", r.unit.code))) for s in found
    ]
    return [sheet for sheet in own if sheet.rows]


def _sheets(issue: Issue) -> list[Sheet]:
    facts = facts_of(issue)
    found: list[Sheet] = []
    for section in facts.board.sections:
        for number, item in enumerate(section.items, start=1):
            parts = [(item.code, item.title, item.title_en, item.ranking)] if item.ranking else []
            parts += [(f"{item.code}.{s.code}", s.title, s.title_en, s.ranking) for s in item.sub_items]
            for code, title, title_en, ranking in parts:
                sheet = Sheet(
                    part=code,
                    no=f"{number:02d}",
                    title=title,
                    title_en=title_en,
                    section=section.title,
                    section_en=section.title_en,
                    columns=tuple(
                        SheetColumn(c.component, c.title, c.title_en, c.measure)
                        for c in scores.columns_of(ranking)
                    ),
                    rows=_sheet_rows(facts, code, ranking),
                )
                found.append(sheet)
    return found


def _sheet_rows(facts: boards.BoardFacts, part: str, ranking: Ranking) -> tuple[SheetRow, ...]:
    components = [column.component for column in scores.columns_of(ranking)]
    rows: list[SheetRow] = []
    for unit in boards.measured(facts.board, ranking, facts.units):
        cells = [
            SheetCell(
                c, facts.readings.get(Cell(part, c, unit.code)), scores.is_expected(ranking, c, unit.group)
            )
            for c in components
        ]
        rows.append(SheetRow(unit, tuple(cells)))
    return tuple(rows)


def listings(view: BoardView) -> tuple[Listing, Listing]:
    """The red and the yellow list of a board, as printed."""
    return boards.listing(view, Colour.RED), boards.listing(view, Colour.YELLOW)


def workbook(actor: Actor, issue_id: UUID, *, filled: bool = False) -> bytes:
    """The workbook offices fill in for this issue; `filled`: with what has been reported so far."""
    issue = issue_of(actor, issue_id)
    facts = facts_of(issue)
    fill = facts.readings if filled and may_read(actor, issue) else {}
    return workbooks.template_workbook(facts.board, facts.units, period=issue.period, fill=fill)


def unit_page(
    actor: Actor, issue_id: UUID, unit_code: str, language: str = CHINESE
) -> tuple[BoardUnit, list[UnitEntry]]:
    """Everything one unit has in an issue: standing, inputs and lists, part by part."""
    view = board_view(actor, issue_id, language)
    entries = [
        UnitEntry(section.title, section.title_en, item.no, item.title, item.title_en, part, standing)
        for section, item, part in view.parts()
        for standing in part.standings
        if standing.unit.code == unit_code
    ]
    if not entries:
        raise NotFound("no_unit_on_board", N_("这一期榜单里没有这个单位"))
    return entries[0].standing.unit, entries
