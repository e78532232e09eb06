"""收集 / 办结 / 办结率 / 在办: counters by slice, the list behind every number, both as Excel files."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from huakai.cases import queries, services
from huakai.cases.pages.desk import door, exports, inbox
from huakai.cases.queries import desk as numbers
from huakai.cases.types import CaseFilter, Panel, PanelRow
from huakai.kernel.clock import CHINA
from huakai.registry.access import ActorRequest
from huakai.web import pages

SLICES = ("area", "category", "caller", "channel", "tag")
KEPT = ("area", "category", "caller", "channel", "tag", "from", "until")
MEASURES = {
    "collected": {},
    "answered": {"tab": "answered"},
    "closed": {"status": "closed"},
    "open": {"status": "open"},
    "cancelled": {"status": "cancelled"},
}
"""What a number's list is narrowed to beside the slice."""


@dataclass(frozen=True)
class Shown:
    """One row of the panel with an address behind each number and, for areas, one into the row."""

    row: PanelRow
    links: dict[str, str]
    inside: str = ""


@door.staff("panel.view")
def panel(request: ActorRequest) -> HttpResponse:
    """The counters of a period and scope, whole and sliced."""
    by, found = _counted(request)
    here = _kept(request)
    context = {
        "panel": found,
        "by": by,
        "total": Shown(found.total, _links(here)),
        "rows": [_shown(row, by, here) for row in found.rows],
        "tabs": [
            {
                "title": title,
                "href": f"?{urlencode(here | {'by': code})}",
                "current": code == by,
            }
            for code, title in titles().items()
        ],
        "slice_title": titles()[by],
        "get": request.GET,
        "months": _months(request),
        "scope": _scope(request, here),
        "may_export": bool(request.actor.prefixes("case.export")),
        "export_url": f"{reverse('cases:panel_export')}?{urlencode(here | {'by': by})}",
    }
    return pages.render_page(request, "cases/desk/panel.html", context)


@door.staff("panel.view")
def behind(request: ActorRequest) -> HttpResponse:
    """The list behind a number: as many rows as the number says; of what is only counted, how many."""
    wanted = door.filter_of(request.GET, request.actor)
    cursor = request.GET.get("cursor", "")
    page = queries.case_list(request.actor, wanted, now=request.now, cursor=cursor, action="panel.view")
    areas = door.areas_of(request.actor, "panel.view")
    shown = numbers.case_total(request.actor, wanted, now=request.now, action="panel.view")
    total = numbers.case_total(
        request.actor, wanted, now=request.now, action="panel.view", counted=not wanted.search
    )
    context = {
        "lines": inbox.lines_of(page.rows, request, areas, ""),
        "page": page,
        "total": total,
        "hidden": total - shown,
        "may_open": bool(request.actor.prefixes("case.view")),
        "may_export": bool(request.actor.prefixes("case.export")),
        "export_query": door.query_of(request.GET, *door.NAMED, "tab", list="panel"),
        "back": reverse("cases:panel") + door.query_of(request.GET, "from", "until"),
    }
    return pages.render_page(request, "cases/desk/behind.html", context)


@door.staff("case.export")
def panel_export(request: ActorRequest) -> HttpResponse:
    """The panel as an Excel file; recorded."""
    by, found = _counted(request)
    rows = [*found.rows, found.total]
    services.record_export(
        what="panel", wanted=_kept(request) | {"by": by}, rows=len(rows), by=request.actor, now=request.now
    )
    header = [titles()[by], _("收集"), _("已首答"), _("办结"), _("在办"), _("撤销"), _("办结率（%）")]
    cells = [[r.title, r.collected, r.answered, r.closed, r.open, r.cancelled, _percent(r)] for r in rows]
    return exports.workbook("panel", _("闭环统计"), header, cells)


@door.staff("case.export")
def list_export(request: ActorRequest) -> HttpResponse:
    """A list as an Excel file, persons masked; recorded."""
    wanted = door.filter_of(request.GET, request.actor)
    action = "panel.view" if request.GET.get("list") == "panel" else "case.view"
    total = numbers.case_total(request.actor, wanted, now=request.now, action=action)
    asked = {name: request.GET[name] for name in (*door.NAMED, "tab") if request.GET.get(name)}
    services.record_export(
        what="list",
        wanted=asked,
        rows=min(total, numbers.EXPORT_LIMIT),
        by=request.actor,
        now=request.now,
    )
    header = [_("单号"), _("诉求"), _("类别"), _("区域"), _("群众"), _("来电人"), _("来源"), _("状态")]
    header += [_("提交"), _("时限"), _("首次答复"), _("结束"), _("承接"), _("星级")]
    return exports.workbook("cases", _("单据"), header, _cells(request, wanted, action))


def _cells(request: ActorRequest, wanted: CaseFilter, action: str) -> Iterator[list[Any]]:
    words = door.words_of_codes(request.actor)
    for row in numbers.case_rows(request.actor, wanted, now=request.now, action=action):
        yield [
            row.number,
            row.title,
            row.category_title,
            row.area_name,
            row.requester,
            words["caller"].get(row.caller_kind, row.caller_kind),
            words["channel"].get(row.channel, row.channel),
            row.stage_title,
            *(
                at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M") if at else ""
                for at in (row.opened_at, row.due_at, row.first_answer_at, row.closed_at)
            ),
            row.taker,
            row.stars,
        ]


def titles() -> dict[str, str]:
    """The ways to slice, in words."""
    return {
        "area": _("区域"),
        "category": _("类别"),
        "caller": _("来电人"),
        "channel": _("来源"),
        "tag": _("服务对象"),
    }


def _percent(row: PanelRow) -> float | None:
    return None if row.rate is None else float(row.rate)


def _counted(request: ActorRequest) -> tuple[str, Panel]:
    by = request.GET.get("by", "area")
    by = by if by in SLICES else "area"
    wanted = replace(door.filter_of(request.GET, request.actor), **_period(request), search="", status="")
    return by, queries.panel(request.actor, wanted, by=by, now=request.now)


def _period(request: ActorRequest) -> dict[str, Any]:
    kept = _kept(request)
    return {"opened_from": door.midnight(kept["from"]), "opened_until": door.midnight(kept["until"])}


def _kept(request: ActorRequest) -> dict[str, str]:
    """Scope and period as parameters: a month chosen or the last day given become a half-open period."""
    kept = {name: request.GET.get(name, "").strip()[:60] for name in KEPT}
    start = door.midnight(request.GET.get("month", "") + "-01")
    if start:
        after = (start + timedelta(days=32)).replace(day=1)
        return kept | {"from": start.date().isoformat(), "until": after.date().isoformat()}
    if request.GET.get("to"):
        kept["until"] = door.next_day(request.GET["to"])
    return {
        name: kept[name] if door.midnight(kept[name]) or name not in {"from", "until"} else ""
        for name in kept
    }


def _links(here: dict[str, str]) -> dict[str, str]:
    base = reverse("cases:panel_cases")
    return {
        name: f"{base}?{urlencode({k: v for k, v in (here | more).items() if v})}"
        for name, more in MEASURES.items()
    }


def _shown(row: PanelRow, by: str, here: dict[str, str]) -> Shown:
    key = "none" if by == "tag" and not row.key else row.key
    inside = f"?{urlencode(here | {'by': 'area', 'area': row.key})}" if by == "area" else ""
    return Shown(row, _links(here | {by: key}), inside)


def _months(request: ActorRequest) -> list[str]:
    """The last twelve months, newest first, as 2026-11."""
    start, found = request.now.astimezone(CHINA).replace(day=1), []
    for _turn in range(12):
        found.append(f"{start:%Y-%m}")
        start = (start - timedelta(days=1)).replace(day=1)
    return found


def _scope(request: ActorRequest, here: dict[str, str]) -> list[tuple[str, str]]:
    """What the panel is narrowed to, each with an address without it."""
    words = door.choices_of(request.actor, door.areas_of(request.actor, "panel.view"))
    found = []
    for name in ("area", "category", "caller", "channel"):
        if here[name]:
            title = next((text for code, text in words[name] if code == here[name]), here[name])
            found.append((title, f"?{urlencode({k: v for k, v in (here | {name: ''}).items() if v})}"))
    return found
