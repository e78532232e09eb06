"""Who gets to the staff desk, and what its pages share: filters from the address, words for codes."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from huakai.cases.queries import counters
from huakai.cases.queries import desk as numbers
from huakai.cases.types import CaseFilter
from huakai.kernel.clock import CHINA
from huakai.kernel.errors import N_, NotAllowed
from huakai.packs import queries as packs
from huakai.registry import queries as registry
from huakai.registry.access import ActorRequest, needs
from huakai.registry.types import ANONYMOUS, Actor, UnitCard

Page = Callable[..., HttpResponse]
NAMED = ("q", "category", "caller", "channel", "area", "tag", "flow", "status", "from", "until")
ALSO = ("stage", "outcome", "view")
"""Narrowings a flow's own lists and saved filters use."""


def staff(action: str) -> Callable[[Page], Page]:
    """The page needs `action` over some units; holding it over one's own records only is not enough."""

    def wrap(page: Page) -> Page:
        @needs(action)
        @wraps(page)
        def guarded(request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.actor.prefixes(action):
                raise NotAllowed("not_allowed", N_("这里是工作人员的页面，点单请到手机页面"))
            return page(request, *args, **kwargs)

        return guarded

    return wrap


def holds(action: str) -> Callable[[HttpRequest], bool]:
    """For menus: does the reader hold the action over some units?"""
    return lambda request: bool(getattr(request, "actor", ANONYMOUS).prefixes(action))


def filter_of(query: QueryDict, actor: Actor) -> CaseFilter:
    """What the address asks for. Unknown words narrow to nothing rather than fail."""
    get = {name: query.get(name, "").strip()[:60] for name in (*NAMED, *ALSO)}
    wanted = CaseFilter(
        search=get["q"].replace("\x00", ""),
        category=get["category"],
        caller_kind=get["caller"],
        channel=get["channel"],
        area=get["area"],
        tag=get["tag"],
        flow=get["flow"],
        status=get["status"],
        stage=get["stage"],
        outcome=get["outcome"],
        view=get["view"],
        opened_from=midnight(get["from"]),
        opened_until=midnight(get["until"]),
        order="due" if query.get("order") == "due" else "newest",
    )
    return on_tab(wanted, query.get("tab", ""), actor)


def on_tab(wanted: CaseFilter, tab: str, actor: Actor) -> CaseFilter:
    """The filter narrowed to one tab of the inbox."""
    waiting, going = numbers.stages_of(actor.pack_code)
    match tab:
        case "waiting":
            return replace(wanted, status="open", stages=waiting)
        case "going":
            return replace(wanted, status="open", stages=going)
        case "due_soon" | "overdue" | "unanswered" | "unrated" | "answered":
            return replace(wanted, view=tab)
        case "closed" | "parked":
            return replace(wanted, status=tab)
        case _:
            return wanted


def midnight(text: str) -> datetime | None:
    """The first instant of a day written as 2026-11-20; None for anything else."""
    try:
        day = date.fromisoformat(text)
        return datetime(day.year, day.month, day.day, tzinfo=CHINA)
    except ValueError:
        return None


def next_day(text: str) -> str:
    """The day after, as text; empty for anything that is no day."""
    start = midnight(text)
    try:
        return (start + timedelta(days=1)).date().isoformat() if start else ""
    except OverflowError:
        return ""


def query_of(query: QueryDict, *names: str, **changes: str) -> str:
    """`?…` of the named parameters that are set, with some changed; empty when nothing is left."""
    kept = {name: query.get(name, "") for name in names} | changes
    text = urlencode({name: value for name, value in kept.items() if value})
    return f"?{text}" if text else ""


def place_root(actor: Actor) -> str:
    """The code every unit of the actor's place begins with."""
    return packs.current(actor.pack_code).root_code


def areas_of(actor: Actor, action: str) -> list[UnitCard]:
    """Units directly below what the actor serves, for the area filter; departments see the whole place."""
    root = min(actor.prefixes(action), key=len, default="")
    root = root if root.isdigit() else place_root(actor)
    found = [unit for unit in registry.children_of(root) if unit.code.isdigit()]
    return found or [unit for unit in [registry.unit_by_code(root)] if unit]


def choices_of(actor: Actor, areas: list[UnitCard]) -> dict[str, Any]:
    """What the filter bar offers, as code and words."""
    callers = counters.titles_of("caller_kind", actor.pack_code)
    return {
        "category": [("", _("全部类别")), *counters.titles_of("category", actor.pack_code).items()],
        "caller": [("", _("全部来电人")), *callers.items()],
        "channel": [("", _("全部来源")), *counters.titles_of("channel", actor.pack_code).items()],
        "area": [("", _("全部区域")), *((unit.code, unit.short_name) for unit in areas)],
    }


def words_of_codes(actor: Actor) -> Mapping[str, Mapping[str, str]]:
    """Titles of caller kinds and channels, for rows and panes."""
    return {
        "caller": counters.titles_of("caller_kind", actor.pack_code),
        "channel": counters.titles_of("channel", actor.pack_code),
    }
