"""The order home: what may be ordered here, the half-screen order sheet, and the wish in one's own words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from huakai.cases import queries as cases
from huakai.cases import services
from huakai.cases.definitions import Service
from huakai.cases.forms.phone import NO_TIME, OrderForm, PlaceMixin, WishForm
from huakai.cases.pages.phone import places
from huakai.cases.types import CaseRef, Helped, NewOrder, VisitSlot
from huakai.kernel.errors import N_, NotAllowed, NotFound, RuleBroken
from huakai.packs.types import say
from huakai.registry.access import PUBLIC, ActorRequest, needs
from huakai.registry.types import UnitCard
from huakai.web import errors, pages, wording

ELDER_CATEGORIES = 4
CHANNEL = "phone_page"
CHIPS = {"when", "served_for"}
"""Fields made of chips: a summary leads to their message, for there is no single input."""
SHEET_TARGET = "sheet"


@dataclass(frozen=True)
class ServiceLine:
    """A service as the home page offers it."""

    code: str
    title: str
    sub: str
    free: str
    score: str
    times: int | None


@dataclass(frozen=True)
class Choice:
    """A chip."""

    code: str
    title: str
    note: str = ""
    full: bool = False


def language() -> str:
    return get_language() or "zh-hans"


@needs(PUBLIC)
def home(request: ActorRequest) -> HttpResponse:
    """Everything that may be ordered here; who is not signed in may look."""
    menu, lang = cases.menu(request.actor.pack_code), language()
    area = places.place_of(request)
    chosen = request.GET.get("category", "")
    everything = bool(request.GET.get("all"))
    categories = [c for c in menu.categories.values() if c.kind == "order"]
    if request.mode != "std" and not everything:
        categories = categories[:ELDER_CATEGORIES]
    context = {
        "area": area,
        "categories": [{"code": c.code, "title": say(c, "title", lang), "icon": c.icon} for c in categories],
        "chosen": chosen,
        "everything": everything,
        "services": _lines(request, menu, area, chosen, everything),
    }
    return pages.render_page(request, "cases/phone/home.html", context, part="shelf")


def _lines(
    request: ActorRequest, menu: cases.Menu, area: UnitCard | None, chosen: str, everything: bool
) -> list[ServiceLine]:
    lang = language()
    shown = [
        s for s in menu.services.values() if (s.category == chosen if chosen else everything or s.featured)
    ]
    figures = cases.service_figures(places.root_of(request), now=request.now)
    free = _free(request, {menu.categories[s.category].flow for s in shown}, area)
    nothing = cases.ServiceFigure(0, None)
    return [
        ServiceLine(
            code=s.code,
            title=say(s, "title", lang),
            sub=_about(s, area),
            free=free[menu.categories[s.category].flow],
            score=str(figures.get(s.code, nothing).score or ""),
            times=(figures.get(s.code, nothing).times or None) if request.mode == "std" else None,
        )
        for s in shown
    ]


def _free(request: ActorRequest, flows: set[str], area: UnitCard | None) -> dict[str, str]:
    """Per flow the first time a visit may be had, in words; empty when none is left or none are set."""
    words = dict.fromkeys(flows, "")
    for flow in flows:
        for slot in _slots(request, flow, area):
            if not slot.full:
                words[flow] = _("%(time)s 可约") % {
                    "time": wording.nice_time(slot.at, request.now, language())
                }
                break
    return words


def _slots(request: ActorRequest, flow: str, area: UnitCard | None) -> tuple[VisitSlot, ...]:
    code = area.code if area else ""
    return cases.visit_slots(request.actor.pack_code, flow, area_code=code, now=request.now)


def _about(service: Service, area: UnitCard | None) -> str:
    length = _("约%(minutes)s分钟") % {"minutes": service.planned_minutes}
    return " · ".join(part for part in (area.name if area else "", length, _("免费志愿服务")) if part)


@needs("case.open")
@require_http_methods(["GET", "POST"])
def order(request: ActorRequest, code: str) -> HttpResponse:
    """The half-screen sheet of one service: everything preselected, one tap confirms."""
    menu = cases.menu(request.actor.pack_code)
    service = menu.services.get(code)
    if service is None:
        raise NotFound("service_unknown", N_("这项服务已经下架，请换一项或直接说出需求"))
    area, flow = places.place_of(request), menu.categories[service.category].flow
    slots = _slots(request, flow, area)
    form = None
    if request.method == "POST":
        earliest = cases.earliest_visit(request.actor.pack_code, flow, now=request.now)
        codes = [slot.at.isoformat() for slot in slots]
        form = OrderForm(request.POST, request.FILES, times=codes, earliest=earliest, now=request.now)
        ref = _opened(request, form, _order_of(form, service)) if form.is_valid() else None
        if ref is not None:
            return _thanks(request, ref)
    free = next((slot.at.isoformat() for slot in slots if not slot.full), NO_TIME)
    start = {"when": free, "served_for": "self", "area": area.code if area else ""}
    if form is None:
        start["address"] = cases.my_last_address(request.actor)
    context = {
        "service": service,
        "title": say(service, "title", language()),
        "sub": _about(service, area),
        "times": _chips(slots, request.now),
        "whom": _whom(),
        **_filled(form, start),
        **_area_context(request, area, choose=form is not None and "area" in form.errors),
    }
    return pages.render_page(
        request, "cases/phone/order.html", context, part=SHEET_TARGET, status=422 if form else 200
    )


def _order_of(form: OrderForm, service: Service) -> NewOrder:
    data = form.cleaned_data
    chosen = None if data["when"] == NO_TIME else datetime.fromisoformat(data["when"])
    return NewOrder(
        client_key=data["client_key"],
        flow="",
        area_code=data["area"],
        service=service.code,
        detail=data["note"],
        channel=CHANNEL,
        served_for=data["served_for"],
        address=data["address"],
        lon=data["lon"],
        lat=data["lat"],
        wanted_at=data["other_at"] or chosen,
    )


def _opened(request: ActorRequest, form: PlaceMixin, new: NewOrder) -> CaseRef | None:
    """The case, or None with the refusal beside its field. Rights are not a matter of the form."""
    data = form.cleaned_data
    helped = Helped(data["name"], data["phone"]) if data["phone"] else None
    photos = [photo.read() for photo in data["photos"]]
    try:
        return services.open_order(order=new, photos=photos, helped=helped, by=request.actor, now=request.now)
    except NotAllowed:
        raise
    except RuleBroken as refusal:
        field = refusal.field
        if field == "wanted_at":
            field = "other_at" if data.get("other_at") else "when"
        form.add_error(field if field in form.fields else None, errors.words_of(refusal))
        return None


def _thanks(request: ActorRequest, ref: CaseRef) -> HttpResponse:
    """The success sheet at once for HTMX; a page of its own after a plain POST."""
    if pages.asks_for(request, (SHEET_TARGET,)):
        return ordered(request, ref.id)
    return pages.go(request, "cases:ordered", case_id=ref.id)


@needs("case.view")
def ordered(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """It worked: the number, the steps, and what happens next by when."""
    card = cases.card(request.actor, case_id, now=request.now)
    return pages.render_page(request, "cases/phone/ordered.html", {"card": card}, part=SHEET_TARGET)


@needs("case.open")
@require_http_methods(["GET", "POST"])
def wish(request: ActorRequest) -> HttpResponse:
    """说需求: text, category, photo, place; becomes an order or a demand by its category."""
    menu, lang = cases.menu(request.actor.pack_code), language()
    form = None
    if request.method == "POST":
        form = WishForm(request.POST, request.FILES, categories=menu.categories)
        ref = _opened(request, form, _wish_of(form, menu)) if form.is_valid() else None
        if ref is not None:
            return pages.go(request, "cases:ordered", case_id=ref.id)
    area = places.place_of(request)
    start = {
        "category": request.GET.get("category", ""),
        "served_for": "self",
        "area": area.code if area else "",
    }
    kinds = {"order": _("请志愿者帮忙"), "demand": _("反映问题"), "enterprise": _("企业诉求")}
    groups = [
        (title, [(c.code, say(c, "title", lang)) for c in menu.categories.values() if c.kind == kind])
        for kind, title in kinds.items()
    ]
    context = {
        "groups": [group for group in groups if group[1]],
        "whom": _whom(),
        **_filled(form, start),
        **_area_context(request, area, choose=True),
    }
    return pages.render_page(request, "cases/phone/wish.html", context, status=422 if form else 200)


def _wish_of(form: WishForm, menu: cases.Menu) -> NewOrder:
    data = form.cleaned_data
    caller = "enterprise" if menu.categories[data["category"]].kind == "enterprise" else "resident"
    return NewOrder(
        client_key=data["client_key"],
        flow="",
        area_code=data["area"],
        category=data["category"],
        detail=data["detail"],
        caller_kind=caller,
        channel=CHANNEL,
        served_for=data["served_for"],
        address=data["address"],
        lon=data["lon"],
        lat=data["lat"],
    )


def _chips(slots: tuple[VisitSlot, ...], now: datetime) -> list[Choice]:
    lang = language()
    times = [
        Choice(
            slot.at.isoformat(),
            wording.nice_time(slot.at, now, lang),
            note=_("约满") if slot.full else "",
            full=slot.full,
        )
        for slot in slots
    ]
    return [*times, Choice(NO_TIME, _("尽快"))]


def _whom() -> list[Choice]:
    return [Choice("self", _("本人")), Choice("parents", _("父母")), Choice("neighbour", _("邻居"))]


def _filled(form: django_forms.Form | None, start: dict[str, Any]) -> dict[str, Any]:
    """What the template shows: values kept, errors beside their fields, a summary when there are several."""
    if form is None:
        return {"values": start, "errors": {}, "problems": [], "client_key": ""}
    found = {name: texts[0] for name, texts in form.errors.items() if name != "__all__"}
    problems = [
        {"field": f"{name}-error" if name in CHIPS else name, "text": text} for name, text in found.items()
    ]
    problems += [{"field": "", "text": text} for text in form.non_field_errors()]
    alone = len(problems) == 1 and problems[0]["field"]
    return {
        "values": {**start, **form.data.dict()},  # type: ignore[attr-defined]
        "errors": found,
        "problems": [] if alone else problems,
        "client_key": form.data.get("client_key", ""),
    }


def _area_context(request: ActorRequest, area: UnitCard | None, *, choose: bool = False) -> dict[str, Any]:
    """The area as words when it is known; a select of the whole place when it is not, or when asked to choose."""
    groups = places.groups_of(places.root_of(request)) if choose or area is None else ()
    return {"area": area, "areas": groups, "place_url": f"{reverse('cases:place')}?next={request.path}"}
