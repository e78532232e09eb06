"""Where the reader is: the village or community the phone pages speak of, kept in a cookie."""

from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseRedirect

from huakai.kernel.errors import N_, NotFound
from huakai.packs import queries as packs
from huakai.registry import queries as registry
from huakai.registry.access import PUBLIC, ActorRequest, needs
from huakai.registry.types import UnitCard
from huakai.web import edge, pages

COOKIE = "huakai_area"


@dataclass(frozen=True)
class Group:
    """A town or street with its villages and communities, for a select."""

    title: str
    units: tuple[UnitCard, ...]


def root_of(request: ActorRequest) -> str:
    """Code of the place whose pages these are."""
    return packs.current(request.actor.pack_code).root_code


def place_of(request: ActorRequest) -> UnitCard | None:
    """The unit chosen last, else the reader's home; None when neither lies in this place."""
    root = root_of(request)
    for code in (request.COOKIES.get(COOKIE, ""), request.actor.home_code):
        if code.startswith(root) and code.isdigit() and code != root:
            unit = registry.unit_by_code(code)
            if unit is not None:
                return unit
    return None


def groups_of(root: str) -> tuple[Group, ...]:
    """Every town and street of the place with its villages, in printing order (one query)."""
    units = [u for u in registry.units_under(root) if u.code.isdigit()]
    towns = sorted((u for u in units if u.parent_code == root), key=lambda u: (u.print_order, u.code))
    return tuple(Group(t.name, tuple(u for u in units if u.parent_code == t.code)) for t in towns)


@needs(PUBLIC)
def place(request: ActorRequest) -> HttpResponse:
    """Choose where you are: towns first, then villages."""
    if request.method == "POST":
        return _chosen(request, request.POST.get("area", ""))
    root = root_of(request)
    under = request.GET.get("under", "")
    town = registry.unit_by_code(under) if under.startswith(root) and under != root else None
    units = [u for u in registry.children_of(town.code if town else root) if u.code.isdigit()]
    context = {
        "town": town,
        "units": units,
        "next": request.GET.get("next", "/m/"),
        "here": place_of(request),
    }
    return pages.render_page(request, "cases/phone/place.html", context, part="sheet")


def _chosen(request: ActorRequest, code: str) -> HttpResponse:
    if not code.startswith(root_of(request)) or registry.unit_by_code(code) is None:
        raise NotFound("area_unknown", N_("没有这个村（社区），请重新选择"))
    response: HttpResponse = HttpResponseRedirect(pages.back_to(request, "/m/"))
    if request.headers.get("HX-Request") == "true":
        response = HttpResponse(status=204, headers={"HX-Redirect": pages.back_to(request, "/m/")})
    response.set_cookie(COOKIE, code, max_age=edge.YEAR_SECONDS, samesite="Lax", httponly=True)
    return response
