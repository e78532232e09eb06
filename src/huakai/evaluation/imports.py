"""Reading a filled workbook: every mistake named by sheet and line, all of it written or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from uuid import UUID

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, ZipError

from huakai.evaluation import queries, services
from huakai.evaluation.definitions import SectionDef
from huakai.evaluation.rules import boards, cells, workbooks
from huakai.evaluation.rules.workbooks import BoundColumn
from huakai.evaluation.types import Cell, Reading, Source
from huakai.kernel.errors import N_, NotAllowed, RuleBroken
from huakai.kernel.imports import Importer, ImportLine, ImportReport, Progress, register_importer
from huakai.registry.types import Actor

KIND = "figures"
CODE_ROW, FIRST_ROW = 2, 3
MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 2000


@dataclass
class _Read:
    """What reading a workbook has found so far."""

    found: dict[Cell, Reading] = field(default_factory=dict)
    problems: list[ImportLine] = field(default_factory=list)
    rows: int = 0


def import_values(
    *, issue_id: UUID, data: bytes, name: str, by: Actor, now: datetime, dry_run: bool = False
) -> ImportReport:
    """Read a filled workbook into an issue: all of it or, with any problem, nothing."""
    issue = queries.issue_of(by, issue_id)
    read = _read_workbook(queries.facts_of(issue), data, name)
    if read.problems:
        return ImportReport(KIND, read.rows, problems=tuple(read.problems), dry_run=dry_run)
    written = services.put_values(issue_id=issue_id, cells=read.found, by=by, now=now, dry_run=dry_run)
    return ImportReport(KIND, read.rows, written.created, written.updated, written.unchanged, dry_run=dry_run)


def import_figures(
    *, data: bytes, name: str, dry_run: bool, by: Actor, now: datetime, progress: Progress | None = None
) -> ImportReport:
    """The same without a page: the issue is found by the board code and period on the cover sheet."""
    try:
        code, period = _cover_of(_opened(data))
        issue_id = queries.collecting_issue(code, period)
        report = import_values(issue_id=issue_id, data=data, name=name, by=by, now=now, dry_run=dry_run)
    except NotAllowed:
        raise
    except RuleBroken as refused:
        line = ImportLine(0, name, _(refused.message).format(**refused.params))
        return ImportReport(KIND, 0, problems=(line,), dry_run=dry_run)
    if progress:
        progress(report.rows, report.rows)
    return report


def _opened(data: bytes) -> CalamineWorkbook:
    if len(data) > MAX_BYTES:
        raise RuleBroken("file_too_large", N_("文件超过 5 MB，请删去多余内容后再试"), field="file")
    try:
        return CalamineWorkbook.from_filelike(BytesIO(data))
    except (CalamineError, ZipError, ValueError, OSError):
        raise RuleBroken("not_a_workbook", N_("这不是可以读取的 Excel 文件（xlsx）"), field="file") from None


def _cover_of(book: CalamineWorkbook) -> tuple[str, str]:
    if workbooks.COVER in book.sheet_names:
        rows = book.get_sheet_by_name(workbooks.COVER).to_python(nrows=20)
        facts = {str(row[0]).strip(): str(row[1]).strip() for row in rows if len(row) > 1}
        if facts.get("编码", "").startswith(f"{workbooks.MARK}:"):
            return facts["编码"].removeprefix(f"{workbooks.MARK}:"), facts.get("期别", "")
    raise RuleBroken(
        "not_our_workbook", N_("这份文件不是由本平台的榜单模板生成的，请先下载模板"), field="file"
    )


def _read_workbook(facts: boards.BoardFacts, data: bytes, name: str) -> _Read:
    book = _opened(data)
    code, _period = _cover_of(book)
    if code != facts.board.code:
        message = N_("这份文件是“{other}”的模板，请下载本期的模板")
        raise RuleBroken("other_board", message, field="file", other=code)
    read = _Read()
    for section in facts.board.sections:
        sheet_name = workbooks.sheet_name(section)
        if sheet_name not in book.sheet_names:
            continue
        sheet = book.get_sheet_by_name(sheet_name)
        if sheet.total_height > MAX_ROWS:
            line = _("工作表“{sheet}”超过 {limit} 行").format(sheet=sheet_name, limit=MAX_ROWS)
            read.problems.append(ImportLine(0, sheet_name, line))
            continue
        rows = sheet.to_python(skip_empty_area=False)
        _read_sheet(_SheetAt(facts, section, Source(name, sheet_name)), rows, read)
    if not read.found and not read.problems:
        read.problems.append(ImportLine(0, name, _("文件里没有任何数据")))
    return read


@dataclass(frozen=True)
class _SheetAt:
    facts: boards.BoardFacts
    section: SectionDef
    source: Source


def _read_sheet(at: _SheetAt, rows: Sequence[Sequence[object]], read: _Read) -> None:
    known = {column.code: column for column in workbooks.bound_columns(at.section)}
    heads = [str(code).strip() for code in rows[CODE_ROW - 1]] if len(rows) >= CODE_ROW else []
    if heads[:1] != ["unit"]:
        reason = _("第 2 行应是编码行（unit、name……），请使用下载的模板")
        read.problems.append(ImportLine(CODE_ROW, at.source.sheet, reason))
        return
    for head in heads[2:]:
        if head and head not in known:
            reason = _("没有编码为“{code}”的项目").format(code=head)
            read.problems.append(ImportLine(CODE_ROW, f"{at.source.sheet} {head}", reason))
    columns = [(number, known[head]) for number, head in enumerate(heads) if head in known]
    measured = {
        column.part: {u.code for u in boards.measured(at.facts.board, column.ranking, at.facts.units)}
        for _number, column in columns
    }
    seen: dict[str, int] = {}
    for line, row in enumerate(rows[FIRST_ROW - 1 :], start=FIRST_ROW):
        unit = _code_text(row[0])
        if not unit and not any(str(value).strip() for value in row):
            continue
        read.rows += 1
        if problem := _unit_problem(at, unit, seen):
            read.problems.append(ImportLine(line, at.source.sheet, problem))
            continue
        seen[unit] = line
        for number, column in columns:
            _read_cell(at, line, unit, column, row[number], measured=measured[column.part], read=read)


def _code_text(raw: object) -> str:
    """A unit code, also when the spreadsheet took its digits for a number."""
    return f"{raw:.0f}" if isinstance(raw, float) else str(raw or "").strip().upper()


def _unit_problem(at: _SheetAt, unit: str, seen: Mapping[str, int]) -> str:
    if unit in seen:
        return _("单位 {unit} 已在第 {line} 行出现").format(unit=unit, line=seen[unit])
    if unit not in {u.code for u in at.facts.units}:
        return _("没有编码为“{unit}”的参评单位").format(unit=unit)
    return ""


def _read_cell(
    at: _SheetAt,
    line: int,
    unit: str,
    column: BoundColumn,
    raw: object,
    *,
    measured: set[str],
    read: _Read,
) -> None:
    try:
        reading = cells.reading_of(raw)
    except RuleBroken as refused:
        heading = f"{at.source.sheet} {column.heading}"
        read.problems.append(ImportLine(line, heading, _(refused.message).format(**refused.params)))
        return
    if reading is None:
        return
    if unit not in measured:
        reason = _("该单位不参评这一项，请留空")
        read.problems.append(ImportLine(line, f"{at.source.sheet} {column.heading}", reason))
        return
    source = Source(at.source.file, at.source.sheet, line)
    read.found[Cell(column.part, column.component, unit)] = Reading(reading.value, reading.absence, source)


register_importer(
    Importer(KIND, N_("榜单数据"), "Board figures", import_figures, whole_file=True, order=80),
)
