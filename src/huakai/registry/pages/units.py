"""The tree of units: counts of the three levels, one unit with its posts on a day, places and teams."""

from datetime import date

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from huakai.kernel.clock import CHINA
from huakai.kernel.errors import N_, NotFound
from huakai.registry import queries, services
from huakai.registry.access import ActorRequest, needs, require
from huakai.registry.pages.beside import Beside
from huakai.registry.types import UnitCard
from huakai.web import pages


def _language() -> str:
    return get_language() or "zh-hans"


def _day(request: ActorRequest) -> date:
    """The day asked for with `on`, else today."""
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return request.now.astimezone(CHINA).date()


def _root(request: ActorRequest) -> str:
    return min(request.actor.prefixes("unit.view"), key=len, default="") or queries.root_code(
        request.actor.pack_code
    )


@needs("unit.view")
def units(request: ActorRequest) -> HttpResponse:
    """The tree under the reader's unit, and how many places of each level stand against those due."""
    on, root = _day(request), _root(request)
    words = request.GET.get("q", "").strip()
    found = queries.units_under(root, on=on)
    if words:
        found = [u for u in found if words in u.name or words in u.short_name or u.code.startswith(words)]
    book = queries.vocabulary(request.actor.pack_code)
    context = {
        "on": on,
        "words": words,
        "levels": queries.level_counts(request.actor.pack_code, root, on, _language()),
        "teams": queries.compliance(request.actor.pack_code, root, on, _language()),
        "branches": queries.branches_of(found) if not words else [],
        "found": found if words else [],
        "kinds": dict(queries.choices_of(book.unit_kinds, _language())),
        "total": len(found),
        "may_edit": request.actor.may("unit.edit", root),
    }
    return pages.render_page(request, "registry/units.html", context, part="tree")


@needs("unit.view")
def unit(request: ActorRequest, code: str) -> HttpResponse:
    """One unit: posts and holders on the day asked for, places, teams, units under it."""
    require(request.actor, "unit.view", code)
    found = _unit_or_missing(code)
    return _show_unit(request, found, Beside())


def _unit_or_missing(code: str) -> UnitCard:
    found = queries.unit_by_code(code)
    if found is None:
        raise NotFound("unit_unknown", N_("没有编码为 {key} 的单位"), key=code)
    return found


def _show_unit(request: ActorRequest, found: UnitCard, beside: Beside) -> HttpResponse:
    on, code, language = _day(request), found.code, _language()
    book = queries.vocabulary(request.actor.pack_code)
    context = {
        "unit": found,
        "kind": queries.title_in(book.unit_kinds, found.kind, language),
        "group": queries.title_in(book.groups, found.group, language) if found.group else "",
        "parent": queries.unit_by_code(found.parent_code) if found.parent_code else None,
        "on": on,
        "bodies": queries.roster_by_body(code, on),
        "changes": queries.all_roster_changes(code),
        "places": queries.places_of(code, on=on, exact=True),
        "teams": queries.teams_at(request.actor, code),
        "children": queries.children_of(code, on=on),
        "kinds": dict(queries.choices_of(book.unit_kinds, language)),
        "may_edit": request.actor.may("unit.edit", code),
        "errors": beside.errors,
        "data": request.POST,
    }
    return pages.render_page(request, "registry/unit.html", context, status=422 if beside.errors else 200)


@needs("unit.edit")
@require_http_methods(["POST"])
def edit_unit(request: ActorRequest, code: str) -> HttpResponse:
    """Rename a unit, or end it."""
    require(request.actor, "unit.edit", code)
    found, beside = _unit_or_missing(code), Beside()
    if request.POST.get("act") == "end":
        ends_on = beside.day(request.POST, "ends_on")
        if ends_on is None:
            beside.errors.setdefault("ends_on", _("请填写终止日期"))
        else:
            beside.attempt(
                lambda: services.end_unit(code=code, ends_on=ends_on, by=request.actor, now=request.now)
            )
    else:
        name, short = request.POST.get("name", ""), request.POST.get("short_name", "")
        beside.attempt(
            lambda: services.rename_unit(
                code=code, name=name, short_name=short, by=request.actor, now=request.now
            )
        )
    if beside.errors:
        return _show_unit(request, found, beside)
    return pages.go(request, "registry:unit", say=_("已保存"), code=code)


@needs("unit.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def new_unit(request: ActorRequest) -> HttpResponse:
    """Add a unit under another."""
    beside = Beside()
    data = request.POST if request.method == "POST" else request.GET
    if request.method == "POST":
        starts_on = beside.day(data, "starts_on") or request.now.astimezone(CHINA).date()
        new = services.NewUnit(
            code=data.get("code", "").strip().upper(),
            name=data.get("name", ""),
            short_name=data.get("short_name", ""),
            kind=data.get("kind", ""),
            group=data.get("group", ""),
            parent_code=data.get("parent_code", "").strip(),
            print_order=beside.whole(data, "print_order", 0),
            starts_on=starts_on,
        )
        if not beside.errors:
            beside.attempt(lambda: services.create_unit(new=new, by=request.actor, now=request.now))
        if not beside.errors:
            return pages.go(request, "registry:unit", say=_("已新增"), code=new.code)
    book = queries.vocabulary(request.actor.pack_code)
    context = {
        "data": data,
        "errors": beside.errors,
        "problems": beside.problems,
        "kinds": queries.choices_of(book.unit_kinds, _language()),
        "groups": queries.choices_of(book.groups, _language()),
    }
    status = 422 if beside.errors else 200
    return pages.render_page(request, "registry/unit_new.html", context, status=status)
