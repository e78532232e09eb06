"""Runs an importer on an office's file: all of it or nothing."""

import io
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from huakai.audit import services as audit
from huakai.audit.types import Fact, Subject
from huakai.files.services.tables import read_table
from huakai.kernel.errors import N_, NotFound, RuleBroken
from huakai.kernel.imports import (
    Column,
    Importer,
    ImportLine,
    ImportReport,
    Progress,
    Table,
    importers,
    register_importer,
)
from huakai.registry.access import require
from huakai.registry.types import Actor

__all__ = ["Column", "Importer", "Table", "importers", "register_importer", "run_import", "template_workbook"]


@dataclass(frozen=True)
class _File:
    content: bytes
    name: str


def importer_of(kind: str) -> Importer:
    """The importer of a kind; refused in words when there is none."""
    found = importers().get(kind)
    if found is None:
        raise NotFound("kind_unknown", N_("没有“{kind}”这种导入"), kind=kind)
    return found


def run_import(
    *,
    kind: str,
    content: bytes,
    name: str,
    dry_run: bool,
    by: Actor,
    now: datetime,
    progress: Progress | None = None,
) -> ImportReport:
    """Check every line; write all of them when none is wrong and it is no dry run."""
    require(by, "import.run")
    importer = importer_of(kind)
    with transaction.atomic():
        report = _run(importer, _File(content, name), dry_run, by, now, progress)
        if dry_run or report.problems:
            transaction.set_rollback(True)
        elif report.created or report.updated:
            _record(report, name, by, now)
    return report


def _run(
    importer: Importer, file: _File, dry_run: bool, by: Actor, now: datetime, progress: Progress | None
) -> ImportReport:
    if importer.whole_file:
        return importer.run(
            data=file.content, name=file.name, dry_run=dry_run, by=by, now=now, progress=progress
        )
    table = read_table(file.content, file.name, importer.columns)
    missing = [c for c in importer.columns if c.required and c.code not in table.header]
    if missing:
        problems = tuple(ImportLine(1, c.title, _("缺少这一列")) for c in missing)
        return ImportReport(importer.kind, len(table.rows), problems=problems, dry_run=dry_run)
    if not table.rows:
        raise RuleBroken("file_empty", N_("表格里没有数据行"), field="file")
    return importer.run(table=table, dry_run=dry_run, by=by, now=now, progress=progress)


def _record(report: ImportReport, name: str, by: Actor, now: datetime) -> None:
    after = {"file": name[:120], "rows": report.rows, "created": report.created, "updated": report.updated}
    audit.record(
        Fact(
            name="import.done",
            subject=Subject("import", report.kind),
            at=now,
            actor_id=by.person_id,
            after=after,
            request_id=by.request_id,
        )
    )


def template_workbook(kind: str, language: str) -> bytes:
    """An empty sheet with the right headings, and a second sheet that explains them."""
    importer = importer_of(kind)
    zh = language.startswith("zh")
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = importer.title if zh else importer.title_en
    notes = book.create_sheet(_("说明"))
    notes.append([_("列"), _("编码"), _("必填"), _("说明")])
    for at, column in enumerate(importer.columns, start=1):
        title = column.title if zh else column.title_en
        cell = sheet.cell(row=1, column=at, value=title + ("*" if column.required else ""))
        cell.font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(at)].width = max(12, len(title) * 2 + 4)
        notes.append([title, column.code, _("是") if column.required else "", column.hint])
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
