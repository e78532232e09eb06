"""代群众点单: a caller on the phone or at the counter, entered in one form."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huakai.cases import queries, services
from huakai.cases.forms.desk import OrderForm
from huakai.cases.pages.desk import door
from huakai.cases.pages.desk.acts import refuse
from huakai.cases.queries import counters
from huakai.cases.types import CaseRef, Helped, NewOrder
from huakai.kernel.errors import NotAllowed, RuleBroken
from huakai.packs.types import say
from huakai.registry import queries as registry
from huakai.registry.access import ActorRequest
from huakai.web import pages

FIELD_OF = {"service": "item", "category": "item", "area": "area", "area_code": "area", "home_code": "area"}
"""Where a refusal of the services stands in this form."""
DOORS = ("hotline", "counter", "grid", "desk")


@door.staff("case.open")
def on_behalf(request: ActorRequest) -> HttpResponse:
    """Who calls, where, what; the same form again with words beside the field when something is missing."""
    choices = _choices(request)
    initial = {"caller": "resident", "channel": "hotline", "area": _only(choices["area"])}
    form = OrderForm(request.POST if request.method == "POST" else None, choices=choices, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            ref = _open(request, form.cleaned_data)
            said = _("已登记，单号{number}").format(number=ref.number)
            return pages.go(request, reverse("cases:desk_case", args=[ref.id]), say=said)
        except NotAllowed:
            raise
        except RuleBroken as error:
            error.field = FIELD_OF.get(error.field, error.field)
            refuse(form, error)
    status = 422 if request.method == "POST" else 200
    problems = [
        {"field": "" if name == "__all__" else name, "text": texts[0]} for name, texts in form.errors.items()
    ]
    context = {
        "form": form,
        "problems": problems,
        "client_key": request.POST.get("client_key", ""),
        "back": reverse("cases:inbox"),
    }
    return pages.render_page(request, "cases/desk/order.html", context, status=status)


def _open(request: ActorRequest, data: dict[str, Any]) -> CaseRef:
    kind, _sep, code = data["item"].partition(":")
    order = NewOrder(
        client_key=request.POST.get("client_key", "")[:64],
        flow="",
        area_code=data["area"],
        service=code if kind == "service" else "",
        category=code if kind == "category" else "",
        detail=data["detail"],
        caller_kind=data["caller"],
        channel=data["channel"],
        served_for="other",
        address=data["address"],
        urgent=data["urgent"],
    )
    helped = Helped(name=data["name"], phone=data["phone"])
    return services.open_order(order=order, helped=helped, by=request.actor, now=request.now)


def _choices(request: ActorRequest) -> dict[str, Any]:
    actor = request.actor
    channels = counters.titles_of("channel", actor.pack_code)
    return {
        "caller": list(counters.titles_of("caller_kind", actor.pack_code).items()),
        "channel": [(code, channels[code]) for code in DOORS],
        "area": _areas(request),
        "item": _items(actor.pack_code),
    }


def _areas(request: ActorRequest) -> list[Any]:
    """Where people live and the grids below, grouped by what they lie in; whoever serves one gets that one."""
    homes = {kind.code for kind in registry.vocabulary(request.actor.pack_code).unit_kinds if kind.homes}
    found = []
    for prefix in request.actor.prefixes("case.open"):
        root = prefix if prefix.isdigit() else door.place_root(request.actor)
        found += [u for u in registry.units_under(root, on=request.now.date()) if u.code.isdigit()]
    units = {unit.code: unit for unit in found}
    parents = {unit.parent_code for unit in units.values()}
    groups: dict[str, list[tuple[str, str]]] = {}
    for unit in units.values():
        if unit.code not in parents or unit.kind in homes:
            town = units.get(unit.parent_code)
            groups.setdefault(town.name if town else "", []).append((unit.code, unit.name))
    return [choice for name, some in groups.items() for choice in ([(name, some)] if name else some)]


def _only(areas: list[Any]) -> str:
    """The single area of a station, chosen beforehand."""
    return str(areas[0][0]) if len(areas) == 1 and isinstance(areas[0][1], str) else ""


def _items(pack_code: str) -> list[Any]:
    """Services under their categories, then kinds of demands."""
    menu, lang = queries.menu(pack_code), get_language() or "zh-hans"
    groups: list[Any] = []
    for category in menu.categories.values():
        some = [
            (f"service:{s.code}", say(s, "title", lang))
            for s in menu.services.values()
            if s.category == category.code
        ]
        if some:
            some.append(
                (f"category:{category.code}", _("其他{kind}").format(kind=say(category, "title", lang)))
            )
            groups.append((say(category, "title", lang), some))
    used = {s.category for s in menu.services.values()}
    rest = [
        (f"category:{c.code}", say(c, "title", lang)) for c in menu.categories.values() if c.code not in used
    ]
    return [*groups, (_("反映问题、提诉求"), rest)]
