"""Counters 收集 / 办结 / 办结率 / 在办: counted from the cases, never typed (SZ-12)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Substr
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huakai.cases.models import Case
from huakai.cases.queries import catalogue
from huakai.cases.queries.lists import SOON, narrowed
from huakai.cases.queries.rows import visible
from huakai.cases.types import CaseFilter, LiveCounts, Panel, PanelRow
from huakai.kernel.clock import CHINA
from huakai.kernel.figures import rate
from huakai.ledger import queries as ledger
from huakai.packs.types import say
from huakai.registry import queries as registry
from huakai.registry.types import Actor

COUNTS = {
    "collected": Count("pk"),
    "closed": Count("pk", filter=Q(status="closed")),
    "open": Count("pk", filter=Q(status="open")),
    "cancelled": Count("pk", filter=Q(status="cancelled")),
    "answered": Count("pk", filter=Q(first_answer_at__isnull=False)),
    "assigned": Count("pk", filter=Q(assigned_at__isnull=False)),
    "accepted": Count("pk", filter=Q(accepted_at__isnull=False)),
    "solved": Count("pk", filter=Q(solved=True)),
    "parked": Count("pk", filter=Q(status="parked")),
}
"""Each counter says which moment of a case it counts (requirements 6, 12): 收集, 派发, 受理, 首答, 办结, 解决."""
SLICES = {"category": "category", "caller": "caller_kind", "flow": "flow", "channel": "channel", "tag": "tag"}


def panel(actor: Actor, wanted: CaseFilter, *, by: str, now: datetime) -> Panel:
    """Counters of what `actor` sees, whole and sliced by area, category, caller, flow, channel or tag.

    Every counter has its list: `case_list` with the same filter, the row's key, and the status. 收集 counts every
    case opened in the period, 办结 and 在办 where those cases stand now. Restricted cases are counted, and stand on the
    list of those alone who may see them.
    """
    # A search would tell what is in a restricted case: what is only counted is not searched.
    rows = narrowed(visible(actor, "panel.view", counted=not wanted.search), wanted, actor, now)
    total = _row("", _("合计"), rows.aggregate(**COUNTS))
    if by == "area":
        return Panel(total, tuple(_by_area(rows, actor, wanted.area)), by)
    column = SLICES.get(by, "category")
    titles = titles_of(column, actor.pack_code)
    slices = rows.values(column).annotate(**COUNTS).order_by("-collected", column)
    return Panel(total, tuple(_row(s[column], titles.get(s[column], s[column]), s) for s in slices), by)


def _by_area(rows: QuerySet[Case], actor: Actor, area: str) -> list[PanelRow]:
    """One row per unit below the chosen one, in print order, zero rows included; then what lies on the unit itself."""
    root = area.rstrip("=") or min(actor.prefixes("panel.view"), key=len, default="")
    units = [u for u in registry.children_of(root) if u.code.isdigit()]
    width = max((len(unit.code) for unit in units), default=len(root))
    cuts = rows.annotate(cut=Substr("area_code", 1, width)).values("cut").annotate(**COUNTS)
    counted: dict[str, Any] = {cut["cut"]: cut for cut in cuts}
    empty = dict.fromkeys(COUNTS, 0)
    found = [_row(unit.code, unit.name, counted.get(unit.code, empty)) for unit in units]
    if root in counted:
        found.append(_row(f"{root}=", _("本级"), counted[root]))
    return found


def titles_of(column: str, pack_code: str) -> Mapping[str, str]:
    """Code → words in the reader's language of a column of the case: category, flow, caller_kind, tag, channel."""
    menu, lang = catalogue.menu(pack_code), get_language() or "zh-hans"
    if column in {"category", "flow"}:
        return _titles_below(column, pack_code, lang)
    if column == "caller_kind":
        return {c.caller: say(c, "title", lang) for f in menu.flows.values() for c in f.callers}
    if column == "tag":
        return registry.tag_titles(pack_code, lang) | {"": _("未标记")}
    return {
        "phone_page": _("手机点单"),
        "desk": _("站点代办"),
        "hotline": _("热线电话"),
        "counter": _("窗口登记"),
        "grid": _("网格上报"),
        "mini_program": _("小程序"),
        "workbook": _("表格导入"),
        "api": _("接口"),
    }


def _titles_below(column: str, pack_code: str, lang: str) -> dict[str, str]:
    """The place's own words, then what places under it call codes it does not know (row CZ-09)."""
    found: dict[str, str] = {}
    for menu in catalogue.menus(pack_code):
        words = menu.categories if column == "category" else menu.flows
        found |= {code: say(word, "title", lang) for code, word in words.items() if code not in found}
    return found


def _row(key: str, title: str, counts: Mapping[str, int]) -> PanelRow:
    return PanelRow(
        key=key,
        title=title,
        collected=counts["collected"],
        closed=counts["closed"],
        open=counts["open"],
        cancelled=counts["cancelled"],
        answered=counts["answered"],
        assigned=counts["assigned"],
        accepted=counts["accepted"],
        solved=counts["solved"],
        parked=counts["parked"],
        rate=rate(counts["closed"], counts["collected"]),
    )


def stage_counts(actor: Actor, *, now: datetime) -> dict[str, int]:
    """Numbers on the tabs of the inbox: open cases by stage, overdue, due soon, unanswered (one query)."""
    rows = visible(actor).filter(status="open").order_by()
    stages = rows.values("stage").annotate(
        total=Count("pk"),
        overdue=Count("pk", filter=Q(due_at__lte=now)),
        due_soon=Count("pk", filter=Q(due_at__gt=now, due_at__lte=now + SOON)),
        unanswered=Count("pk", filter=Q(first_answer_at=None)),
    )
    found = {"open": 0, "overdue": 0, "due_soon": 0, "unanswered": 0}
    for stage in stages:
        found[stage["stage"]] = stage["total"]
        found["open"] += stage["total"]
        for name in ("overdue", "due_soon", "unanswered"):
            found[name] += stage[name]
    return found


def live_counts(prefix: str, *, now: datetime) -> LiveCounts:
    """What a wall shows live: cases today, this month and in all, volunteers, teams, minutes served."""
    day = now.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    month = day.replace(day=1)
    counted = Case.objects.filter(area_code__startswith=prefix).exclude(status="merged")
    values = counted.aggregate(
        **COUNTS,
        today=Count("pk", filter=Q(opened_at__gte=day)),
        month=Count("pk", filter=Q(opened_at__gte=month)),
        closed_today=Count("pk", filter=Q(status="closed", closed_at__gte=day)),
        overdue=Count("pk", filter=Q(status="open", due_at__lte=now)),
        rated=Count("pk", filter=Q(stars__isnull=False)),
        pleased=Count("pk", filter=Q(stars__gte=4)),
    )
    known = registry.counts(prefix)
    values |= {"volunteers": known.volunteers, "teams": known.teams, "minutes": ledger.total_minutes(prefix)}
    return LiveCounts(at=now, values=values, rate=rate(values["closed"], values["collected"]))
