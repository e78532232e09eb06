"""Collecting: the workbook out and in, values in a table, what is still missing."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from huakai.evaluation import imports, queries, services
from huakai.evaluation.pages.issues import actor_of, language, shown
from huakai.evaluation.rules import cells
from huakai.evaluation.types import BoardUnit, Cell, Reading, Sheet
from huakai.kernel.errors import N_, NotFound, RuleBroken
from huakai.registry.access import needs
from huakai.web import errors, pages
from huakai.web.edge import now_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@needs("board.collect")
@require_http_methods(["GET", "POST"])
def collect(request: HttpRequest, issue_id: UUID) -> HttpResponse:
    """Upload a workbook (checked first, or written), and see what is missing."""
    actor = actor_of(request)
    context: dict[str, Any] = {}
    if request.method == "POST":
        upload = request.FILES.get("file")
        if upload is None:
            context["error"] = _("请选择填好的 Excel 文件")
        else:
            try:
                context["report"] = report = imports.import_values(
                    issue_id=issue_id,
                    data=upload.read(),
                    name=upload.name or "",
                    by=actor,
                    now=now_of(request),
                    dry_run=request.POST.get("act") != "import",
                )
                if report.accepted and not report.dry_run:
                    say = _("已导入：新增 {created}，修改 {updated}，未变 {unchanged}").format(
                        created=report.created, updated=report.updated, unchanged=report.unchanged
                    )
                    return pages.go(request, "evaluation:collect", say=say, issue_id=issue_id)
            except RuleBroken as refused:
                context["error"] = errors.words_of(refused)
    wrong = "error" in context or ("report" in context and not context["report"].accepted)
    sheets = queries.sheets(actor, issue_id, language())
    context |= shown(actor, issue_id) | {"sheets": sheets}
    return pages.render_page(request, "evaluation/collect.html", context, status=422 if wrong else 200)


@needs("board.collect")
@require_GET
def workbook(request: HttpRequest, issue_id: UUID) -> HttpResponse:
    """Download the workbook to fill in; `?filled=1` with what has been reported."""
    actor = actor_of(request)
    data = queries.workbook(actor, issue_id, filled=bool(request.GET.get("filled")))
    card = queries.issue_card(actor, issue_id)
    name = quote(f"{card.row.board}-{card.row.period}.xlsx")
    disposition = f"attachment; filename*=UTF-8''{name}"
    return HttpResponse(data, content_type=XLSX, headers={"Content-Disposition": disposition})


@dataclass(frozen=True)
class FormCell:
    """An input of the values table."""

    name: str
    label: str
    text: str
    expected: bool
    error: str
    source: str


@dataclass(frozen=True)
class FormRow:
    """A unit's inputs."""

    unit: BoardUnit
    cells: tuple[FormCell, ...]


@needs("board.collect")
@require_http_methods(["GET", "POST"])
def values(request: HttpRequest, issue_id: UUID, part: str) -> HttpResponse:
    """Type the values of one part into a table."""
    actor = actor_of(request)
    sheets = queries.sheets(actor, issue_id, language())
    sheet = next((s for s in sheets if s.part == part), None)
    if sheet is None:
        raise NotFound("no_part", N_("榜单里没有这一项"))
    problems: dict[str, str] = {}
    if request.method == "POST":
        found = _typed(request, sheet, problems)
        if not problems:
            services.put_values(
                issue_id=issue_id,
                cells=found,
                by=actor,
                now=now_of(request),
            )
            return pages.go(request, "evaluation:values", say=_("已保存"), issue_id=issue_id, part=part)
    rows = [_form_row(request, sheet, row_at, problems) for row_at in range(len(sheet.rows))]
    context = shown(actor, issue_id) | {"sheet": sheet, "rows": rows, "problems": problems, "sheets": sheets}
    return pages.render_page(request, "evaluation/values.html", context, status=422 if problems else 200)


def _name(unit: str, component: str) -> str:
    return f"v-{unit}-{component or 'value'}"


def _typed(request: HttpRequest, sheet: Sheet, problems: dict[str, str]) -> dict[Cell, Reading | None]:
    """The cells as typed; what cannot be read goes to `problems` by input name."""
    found: dict[Cell, Reading | None] = {}
    for row in sheet.rows:
        for cell in row.cells:
            name = _name(row.unit.code, cell.component)
            if name not in request.POST:
                continue
            try:
                found[Cell(sheet.part, cell.component, row.unit.code)] = cells.reading_of(request.POST[name])
            except RuleBroken as refused:
                problems[name] = errors.words_of(refused)
    return found


def _form_row(request: HttpRequest, sheet: Sheet, row_at: int, problems: dict[str, str]) -> FormRow:
    row = sheet.rows[row_at]
    made: list[FormCell] = []
    for column, cell in zip(sheet.columns, row.cells, strict=True):
        name = _name(row.unit.code, cell.component)
        reading = cell.reading
        text = request.POST.get(name, said(reading)) if request.method == "POST" else said(reading)
        label = f"{row.unit.name} {column.title or sheet.title}（{column.measure}）"
        source = f"{reading.source.file} {reading.source.sheet}" if reading and reading.source.file else ""
        if reading and reading.source.line:
            source = _("{source} 第 {line} 行").format(source=source, line=reading.source.line)
        made.append(
            FormCell(
                name,
                label,
                text,
                cell.expected,
                problems.get(name, ""),
                source,
            )
        )
    return FormRow(row.unit, tuple(made))


def said(reading: Reading | None) -> str:
    """A reading as a person types it."""
    if reading is None:
        return ""
    if reading.absence is not None:
        return cells.PRINTED[reading.absence]
    return f"{reading.value:f}"
