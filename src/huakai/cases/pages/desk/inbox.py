"""The inbox of the staff desk (派单台): the list, and one case beside it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from huakai.cases import queries, services
from huakai.cases.pages.desk import door
from huakai.cases.queries import desk as numbers
from huakai.cases.queries.lists import SOON
from huakai.cases.types import AssignmentLine, CaseCard, CaseRow, MoveChoice
from huakai.registry import queries as registry
from huakai.registry.access import SIGNED_IN, ActorRequest, needs
from huakai.registry.types import UnitCard
from huakai.web import edge, menu, pages

PAGE_SIZE = 50
CARRIED = ("tab", "q", "category", "caller", "channel", "area", "order", "cursor")
TONES = {"amber": "warn", "blue": "go", "green": "ok", "red": "bad", "grey": "wait"}


@dataclass(frozen=True)
class Sign:
    """State of a case as a tag (word and tone) and its clock (words come from the template)."""

    word: str
    tone: str
    due_at: datetime | None
    due_tone: str


@dataclass(frozen=True)
class Line:
    """One row of the list as the template prints it."""

    row: CaseRow
    sign: Sign
    url: str
    area: str
    channel: str
    caller: str


@door.staff("case.view")
def inbox(request: ActorRequest, case_id: UUID | None = None) -> HttpResponse:
    """The list, with one case in the pane; HTMX takes the pane alone."""
    context = pane_of(request, case_id) if case_id else {}
    if not pages.asks_for(request, ("pane",)):
        context |= _listing(request, case_id)
    return pages.render_page(request, "cases/desk/inbox.html", context, part="pane")


@needs(SIGNED_IN)
def start(request: ActorRequest) -> HttpResponse:
    """/desk/: the inbox for whoever sees cases, else the first page of the reader's own menu."""
    if request.actor.prefixes("case.view"):
        return inbox(request)
    for entry in menu.entries_for(request, "desk"):
        if entry.url != request.path:
            return pages.go(request, entry.url)
    return inbox(request)


def open_count(request: HttpRequest) -> int:
    """Badge of the menu: cases in which somebody has to be found."""
    return counts_of(request).values["waiting"]


def counts_of(request: HttpRequest) -> numbers.TabCounts:
    """Tab numbers, counted once per request."""
    known: numbers.TabCounts | None = getattr(request, "desk_counts", None)
    if known is None:
        known = numbers.tab_counts(request.actor, now=edge.now_of(request))  # type: ignore[attr-defined]
        request.desk_counts = known  # type: ignore[attr-defined]
    return known


def _listing(request: ActorRequest, case_id: UUID | None) -> dict[str, Any]:
    actor = request.actor
    wanted = door.filter_of(request.GET, actor)
    page = queries.case_list(
        actor, wanted, now=request.now, cursor=request.GET.get("cursor", ""), limit=PAGE_SIZE
    )
    areas = door.areas_of(actor, "case.view")
    carried = door.query_of(request.GET, *CARRIED)
    first_answer = wanted.view == "unanswered"
    return {
        "lines": lines_of(page.rows, request, areas, carried, first_answer=first_answer),
        "page": page,
        "tabs": _tabs(request),
        "choices": door.choices_of(actor, areas),
        "get": request.GET,
        "order_url": _order_url(request),
        "case_id": case_id,
        "first_answer": first_answer,
        "may_export": bool(actor.prefixes("case.export")),
        "export_query": door.query_of(request.GET, *CARRIED, cursor="", list="inbox"),
    }


def lines_of(
    rows: tuple[CaseRow, ...],
    request: ActorRequest,
    areas: list[UnitCard],
    carried: str,
    *,
    first_answer: bool = False,
) -> list[Line]:
    """Rows as lines: signs, words for codes, the town's name, the address of the pane."""
    words = door.words_of_codes(request.actor)
    base = reverse("cases:inbox")
    return [
        Line(
            row=row,
            sign=sign_of(row, request.now, first_answer=first_answer),
            url=f"{base}cases/{row.id}/{carried}",
            area=next((u.short_name for u in areas if row.area_code.startswith(u.code)), row.area_name),
            channel=words["channel"].get(row.channel, row.channel),
            caller=words["caller"].get(row.caller_kind, row.caller_kind),
        )
        for row in rows
    ]


def sign_of(row: CaseRow, now: datetime, *, first_answer: bool = False) -> Sign:
    """Tag and clock: a clock that ran out or is about to outweighs the stage's own word."""
    if row.status == "closed" and row.stars is None:
        return Sign(_("待评价"), "wait", None, "")
    if row.status != "open":
        return Sign(row.stage_title, TONES[row.tone], None, "")
    due = row.answer_due_at if first_answer else row.due_at
    if due is None:
        return Sign(row.stage_title, TONES[row.tone], None, "")
    if now >= due:
        return Sign(_("已超时"), "bad", due, "late")
    if due - now <= SOON:
        return Sign(_("即将超时"), "soon", due, "soon")
    return Sign(row.stage_title, TONES[row.tone], due, "calm")


def _tabs(request: ActorRequest) -> list[dict[str, Any]]:
    counts, here = counts_of(request), request.GET.get("tab", "")
    titles = {
        "all": _("全部"),
        "waiting": _("待派单"),
        "going": _("处理中"),
        "due_soon": _("即将超时"),
        "overdue": _("已超时"),
        "unanswered": _("未首答"),
        "unrated": _("待评价"),
        "closed": _("已办结"),
    }
    return [
        {
            "title": title,
            "href": _tab_url(request, code),
            "count": f"{counts.values[code]}+" if code in counts.at_least else counts.values[code],
            "current": code == (here or "all"),
            "hot": code in {"due_soon", "overdue"} and counts.values[code] > 0,
        }
        for code, title in titles.items()
    ]


def _order_url(request: ActorRequest) -> str:
    """The list the other way round: most urgent first, or newest first."""
    order = "" if request.GET.get("order") == "due" else "due"
    return reverse("cases:inbox") + door.query_of(request.GET, *CARRIED, order=order, cursor="")


def _tab_url(request: ActorRequest, code: str) -> str:
    tab = "" if code == "all" else code
    return reverse("cases:inbox") + door.query_of(request.GET, *CARRIED, tab=tab, cursor="")


def pane_of(request: ActorRequest, case_id: UUID) -> dict[str, Any]:
    """Everything the pane of one case shows; also after a refused form."""
    card = queries.card(request.actor, case_id, now=request.now)
    words = door.words_of_codes(request.actor)
    moves = [move for move in card.moves if move.effect != "offer"]
    assign = next((move for move in moves if move.effect == "assign"), None)
    return {
        "card": card,
        "sign": sign_of(card.row, request.now),
        "channel": words["channel"].get(card.row.channel, card.row.channel),
        "caller": words["caller"].get(card.row.caller_kind, card.row.caller_kind),
        "assign": assign,
        "units": unit_choices(request, card.lead_unit_code) if assign else [],
        "moves": [(move, reply_key(move, moves)) for move in moves if move is not assign],
        "parts": services.pane_parts(card),
        "chain": [(line, state_of(line)) for line in card.assignments],
        "events": events_of(card),
        "here": request.get_full_path(),
        "list_url": reverse("cases:inbox") + door.query_of(request.GET, *CARRIED),
    }


def events_of(card: CaseCard) -> list[dict[str, Any]]:
    """The timeline as the part wants it."""
    return [{"title": t.title, "text": t.note, "at": t.at, "who": t.actor} for t in card.timeline]


def reply_key(move: MoveChoice, moves: list[MoveChoice]) -> str:
    """`r` on the keyboard opens the answer, or the finish where nothing is left to answer."""
    wanted = next(
        (m.code for effect in ("answer", "finish") for m in moves if m.effect == effect and m.asks), ""
    )
    return "r" if move.code == wanted else ""


def state_of(line: AssignmentLine) -> str:
    """An assignment's state in words."""
    words = {
        "offered": _("等待答复"),
        "accepted": _("已接"),
        "declined": _("未接"),
        "expired": _("超时未接"),
        "withdrawn": _("已收回"),
        "done": _("已完成"),
    }
    return words.get(line.state, line.state)


def unit_choices(request: ActorRequest, proposed: str = "") -> list[tuple[str, str]]:
    """Units a demand may be assigned to, in printed groups: departments, companies, towns, streets.

    The proposed unit stands among them whatever it is: the routing table may name a community.
    """
    prefix = door.place_root(request.actor)
    groups = registry.units_in_groups(prefix, on=request.now.date())
    found = [(unit.code, unit.name) for units in groups.values() for unit in units]
    unit = registry.unit_by_code(proposed) if proposed and proposed not in dict(found) else None
    return [*found, (unit.code, unit.name)] if unit else found
