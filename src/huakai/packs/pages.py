"""Pages for reading packs: editions, their files, and what changed between two of them."""

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

import yaml
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from huakai.audit import queries as audit
from huakai.kernel.errors import N_, NotFound
from huakai.packs import queries
from huakai.packs.types import EditionRow, say
from huakai.web import pages
from huakai.web.edge import EdgeRequest


@dataclass(frozen=True)
class EditionLine:
    """An edition as the list shows it."""

    row: EditionRow
    title: str
    who: str
    is_current: bool
    previous: UUID | None


@dataclass(frozen=True)
class ChangeText:
    """A change as text."""

    file: str
    path: str
    before: str
    after: str


@pages.open_to("pack.view")
@require_GET
def editions(request: HttpRequest) -> HttpResponse:
    """Every edition of every pack the reader may see, newest first."""
    return pages.render_page(request, "packs/editions.html", {"lines": _lines(request)})


@pages.open_to("pack.view")
@require_GET
def edition(request: HttpRequest, edition_id: UUID) -> HttpResponse:
    """The files of one edition; `file` opens one of them."""
    line = _line(request, edition_id)
    name = request.GET.get("file", "")
    if name and name not in line.row.files:
        raise NotFound("no_file", N_("这个版本里没有文件 {name}"), name=name)
    text = _as_yaml(queries.file_of(edition_id, name)) if name else ""
    context = {"line": line, "name": name, "text": text}
    return pages.render_page(request, "packs/edition.html", context, part="file")


@pages.open_to("pack.view")
@require_GET
def diff(request: HttpRequest, edition_id: UUID, before_id: UUID) -> HttpResponse:
    """What changed from one edition to another of the same pack."""
    after, before = _line(request, edition_id), _line(request, before_id)
    changes = [
        ChangeText(change.file, change.path, _as_yaml(change.before), _as_yaml(change.after))
        for change in queries.diff_of_editions(before_id, edition_id)
    ]
    return pages.render_page(
        request, "packs/diff.html", {"before": before, "after": after, "changes": changes}
    )


def _lines(request: HttpRequest) -> list[EditionLine]:
    prefixes = cast(EdgeRequest, request).actor.prefixes("pack.view")
    rows = [row for row in queries.edition_rows() if _may_see(row.root_code, prefixes)]
    names = audit.actor_names([row.published_by for row in rows if row.published_by])
    newest = {row.pack_code: row.number for row in reversed(rows)}
    by_number = {(row.pack_code, row.number): row.id for row in rows}
    return [
        EditionLine(
            row=row,
            title=say(queries.edition(row.id), "title", get_language() or ""),
            who=names.get(row.published_by, "") if row.published_by else _("平台"),
            is_current=row.number == newest[row.pack_code],
            previous=by_number.get((row.pack_code, row.number - 1)),
        )
        for row in rows
    ]


def _line(request: HttpRequest, edition_id: UUID) -> EditionLine:
    for line in _lines(request):
        if line.row.id == edition_id:
            return line
    raise NotFound("no_edition", N_("没有这个版本"))


def _may_see(root_code: str, prefixes: tuple[str, ...]) -> bool:
    """A base belongs to everybody; a place's pack to those whose area lies in the place or holds it."""
    return not root_code or any(root_code.startswith(p) or p.startswith(root_code) for p in prefixes)


def _as_yaml(value: Any) -> str:
    """As an author would write it."""
    if value is None or isinstance(value, str | int | float):
        return "" if value is None else str(value)
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=100)
