"""The workbook of a board, made from its template: a sheet per section, a row per unit, a column per value."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill

from huakai.evaluation.definitions import Board, Item, Ranking, SectionDef, SubItem
from huakai.evaluation.rules import boards, cells, scores
from huakai.evaluation.types import BoardUnit, Cell, Reading

MARK = "huakai-board"
COVER = "说明"
Fill = Mapping[Cell, Reading]


@dataclass(frozen=True)
class BoundColumn:
    """A column of a sheet, bound to what it reports."""

    part: str
    component: str
    heading: str
    ranking: Ranking

    @property
    def code(self) -> str:
        """What the second row says, and the import goes by."""
        return f"{self.part}#{self.component}" if self.component else self.part


def template_workbook(
    board: Board, units: Iterable[BoardUnit], *, period: str = "", fill: Fill | None = None
) -> bytes:
    """The workbook offices fill in: a sheet per section, a row per unit, a column per value to report."""
    everyone = tuple(units)
    book = Workbook(write_only=True)
    _cover(book.create_sheet(COVER), board, period)
    for section in board.sections:
        _sheet(book.create_sheet(sheet_name(section)), section, board, everyone, fill or {})
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def sheet_name(section: SectionDef) -> str:
    """A section's title as a sheet name: 31 characters, without what spreadsheets refuse."""
    return "".join(c for c in section.title if c not in "[]:*?/\\")[:31]


def _cover(sheet: Any, board: Board, period: str) -> None:
    sheet.column_dimensions["A"].width = 18
    sheet.column_dimensions["B"].width = 90
    lines = [
        ("榜单", board.title),
        ("期别", period),
        ("编码", f"{MARK}:{board.code}"),
        ("怎么填", "每张表第一行是项目，第二行是编码（请勿改动），从第三行起每行一个单位。"),
        ("", "数据是零就填 0；没有数据请填“未报”“迟报”或“不适用”，空格表示这次不填，不会当作零。"),
        ("", "灰色的格子表示该单位不参评这一项，请留空。"),
        ("", "名单类项目：“列入名单”一列填项数，没有列入的留空。"),
        ("", "百分数只填数字，例如 12.3% 填 12.3。同一份文件可以重复导入，不会重复计数。"),
    ]
    for title, text in lines:
        sheet.append([_cell(sheet, title, bold=True), text])


def _cell(sheet: Any, value: Any, *, bold: bool = False, fill: str = "") -> Any:
    cell = WriteOnlyCell(sheet, value=value)
    cell.font = Font(bold=bold)
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    if fill:
        cell.fill = PatternFill("solid", start_color=fill)
    return cell


def bound_columns(section: SectionDef) -> list[BoundColumn]:
    """The columns of a section's sheet, in order."""
    bound: list[BoundColumn] = []
    for number, item in enumerate(section.items, start=1):
        parts: list[tuple[str, Item | SubItem, Ranking]] = []
        if item.ranking is not None:
            parts.append((item.code, item, item.ranking))
        parts += [(f"{item.code}.{sub.code}", sub, sub.ranking) for sub in item.sub_items]
        for part, named, ranking in parts:
            for column in scores.columns_of(ranking):
                title = item.title if named is item else f"{item.title}·{named.title}"
                title = f"{title}·{column.title}" if column.title else title
                heading = f"{number:02d} {title}（{column.measure}）"
                bound.append(BoundColumn(part, column.component, heading, ranking))
    return bound


def _sheet(sheet: Any, section: SectionDef, board: Board, units: tuple[BoardUnit, ...], fill: Fill) -> None:
    columns = bound_columns(section)
    sheet.freeze_panes = "C3"
    sheet.column_dimensions["A"].width = 14
    sheet.column_dimensions["B"].width = 22
    for number in range(3, 3 + len(columns)):
        sheet.column_dimensions[_letter(number)].width = 18
    heads = ["单位编码", "单位名称", *[column.heading for column in columns]]
    sheet.append([_cell(sheet, head, bold=True, fill="E8F1FB") for head in heads])
    codes = ["unit", "name", *[column.code for column in columns]]
    sheet.append([_cell(sheet, code, fill="F4F6F9") for code in codes])
    measured = [{u.code for u in boards.measured(board, column.ranking, units)} for column in columns]
    order = [g.code for g in board.groups]
    for unit in sorted(units, key=lambda u: (order.index(u.group), u.order, u.code)):
        if not any(unit.code in codes_of for codes_of in measured):
            continue
        row: list[object] = [unit.code, unit.name]
        for column, codes_of in zip(columns, measured, strict=True):
            if unit.code not in codes_of:
                row.append(_cell(sheet, None, fill="D9D9D9"))
                continue
            row.append(_filled(fill.get(Cell(column.part, column.component, unit.code))))
        sheet.append(row)


def _letter(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _filled(reading: Reading | None) -> object:
    if reading is None:
        return None
    return cells.PRINTED[reading.absence] if reading.absence else reading.value
