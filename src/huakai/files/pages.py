"""Pages of files: a photo for those who may see its subject, and the import desk."""

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import FileResponse, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from huakai.files import queries, services
from huakai.kernel.errors import N_, NotAllowed, NotFound, RuleBroken
from huakai.kernel.imports import Importer, ImportReport
from huakai.registry.access import PUBLIC, ActorRequest, needs
from huakai.web import errors, pages

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KEEP_SECONDS = 3600
SALT = "huakai.import"


@needs(PUBLIC)
@require_safe
def photo(request: ActorRequest, photo_id: UUID) -> HttpResponseBase:
    """The bytes, when the owner of the subject lets this reader see them; else nothing is there."""
    card = queries.photo_for(request.actor, photo_id)
    if card is None or not card.path.is_file():
        raise NotFound("photo_unknown", N_("没有这张照片"))
    etag = f'"{card.sha256[:32]}"'
    answer: HttpResponseBase
    if request.headers.get("If-None-Match") == etag:
        answer = HttpResponseNotModified()
    else:
        answer = FileResponse(card.path.open("rb"), content_type="image/jpeg")
    answer["Cache-Control"] = "private, max-age=300"
    answer["ETag"] = etag
    answer["Content-Disposition"] = "inline"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@dataclass(frozen=True)
class Waiting:
    """A checked file that waits for its confirmation."""

    kind: str
    name: str
    path: Path


@needs("import.run")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: ActorRequest) -> HttpResponse:
    """Choose a kind, check the file, read the report, confirm. Nothing is written before the confirmation."""
    if request.method != "POST":
        return _show(request, kind=request.GET.get("kind", ""))
    _forget_old(request)
    try:
        if request.POST.get("act") == "confirm":
            return _confirm(request)
        return _check(request)
    except (NotAllowed, NotFound):
        raise
    except RuleBroken as error:
        return _show(request, kind=request.POST.get("kind", ""), refused=errors.words_of(error))


def _show(
    request: ActorRequest,
    *,
    kind: str,
    refused: str = "",
    report: ImportReport | None = None,
    ticket: str = "",
) -> HttpResponse:
    zh = (get_language() or "zh-hans").startswith("zh")
    known = services.importers()
    chosen = known.get(kind)
    context = {
        "choices": [(i.kind, i.title if zh else i.title_en) for i in known.values()],
        "chosen": chosen,
        "title": _title(chosen, zh),
        "hint": _(chosen.hint) if chosen and chosen.hint else _("xlsx 或 csv，不超过 20 MB；先检查，不写入"),
        "columns": [_column(c, zh) for c in chosen.columns] if chosen else [],
        "report": report,
        "problems": report.problems[:200] if report else (),
        "ticket": ticket,
        "refused": refused,
    }
    status = 422 if refused or (report and report.problems) else 200
    return pages.render_page(request, "files/imports.html", context, status=status)


def _title(importer: Importer | None, zh: bool) -> str:
    return "" if importer is None else importer.title if zh else importer.title_en


def _column(column: services.Column, zh: bool) -> dict[str, Any]:
    return {
        "title": column.title if zh else column.title_en,
        "code": column.code,
        "required": column.required,
        "hint": _(column.hint) if column.hint else "",
    }


def _check(request: ActorRequest) -> HttpResponse:
    """Dry run; a file without mistakes is kept for an hour under a signed ticket."""
    kind, upload = request.POST.get("kind", ""), request.FILES.get("file")
    services.importer_of(kind)
    if upload is None or not upload.size:
        raise RuleBroken("file_missing", N_("请选择要导入的文件"), field="file")
    name = Path(upload.name or "").name
    content = upload.read()
    report = services.run_import(
        kind=kind, content=content, name=name, dry_run=True, by=request.actor, now=request.now
    )
    ticket = "" if report.problems else _keep(request, kind, name, content)
    return _show(request, kind=kind, report=report, ticket=ticket)


def _folder() -> Path:
    folder = Path(settings.FILES_ROOT) / "waiting"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _keep(request: ActorRequest, kind: str, name: str, content: bytes) -> str:
    key = secrets.token_hex(16)
    path = _folder() / key
    path.write_bytes(content)
    path.chmod(0o600)
    return signing.dumps([key, kind, name, request.actor.account_id], salt=SALT)


def _waiting(request: ActorRequest) -> Waiting:
    gone = RuleBroken("ticket_gone", N_("这份文件已过期，请重新上传检查"), field="file")
    try:
        ticket = request.POST.get("ticket", "")
        key, kind, name, account = signing.loads(ticket, salt=SALT, max_age=KEEP_SECONDS)
    except signing.BadSignature:
        raise gone from None
    path = _folder() / str(key)
    if account != request.actor.account_id or not path.is_file():
        raise gone
    return Waiting(kind, name, path)


def _confirm(request: ActorRequest) -> HttpResponse:
    waiting = _waiting(request)
    report = services.run_import(
        kind=waiting.kind,
        content=waiting.path.read_bytes(),
        name=waiting.name,
        dry_run=False,
        by=request.actor,
        now=request.now,
    )
    waiting.path.unlink(missing_ok=True)
    if report.problems:
        return _show(request, kind=waiting.kind, report=report)
    said = _("已导入：新增 {created} 行，更新 {updated} 行，{unchanged} 行没有变化")
    numbers = {"created": report.created, "updated": report.updated, "unchanged": report.unchanged}
    return pages.go(request, "files:imports", say=said.format(**numbers))


def _forget_old(request: ActorRequest) -> None:
    """Files nobody confirmed do not stay."""
    oldest = request.now.timestamp() - KEEP_SECONDS
    for path in _folder().iterdir():
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)


@needs("import.run")
@require_safe
def template(request: ActorRequest, kind: str) -> HttpResponse:
    """An empty sheet with the right headings."""
    content = services.template_workbook(kind, get_language() or "zh-hans")
    answer = HttpResponse(content, content_type=SHEET)
    answer["Content-Disposition"] = f'attachment; filename="{kind}.xlsx"'
    return answer
