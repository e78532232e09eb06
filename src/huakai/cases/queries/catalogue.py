"""The menu of a place: categories, services and routes of all catalogue files of its pack."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from huakai.cases.definitions import Catalogue, Category, Flow, Service, VisitKind
from huakai.cases.rules import routing
from huakai.packs import queries as packs
from huakai.packs.types import EditionView


@dataclass(frozen=True)
class Menu:
    """Everything orderable in one edition, by code, in the files' order."""

    categories: Mapping[str, Category]
    services: Mapping[str, Service]
    routes: Mapping[str, str]
    flows: Mapping[str, Flow]
    table: routing.Table
    """Who cases go to."""
    has_parts: bool = False
    """Some flow gives parts to further units (协办)."""
    visit_kinds: Mapping[str, VisitKind] = field(default_factory=dict)
    visit_times: tuple[str, ...] = ()
    visit_notice_minutes: int = 90
    visit_capacity: int | None = None


_menus: dict[UUID, Menu] = {}


def menu_of(view: EditionView) -> Menu:
    """The menu of an edition (editions never change, so it is kept per process)."""
    if view.id not in _menus:
        files = [f for f in view.all("catalogue").values() if isinstance(f, Catalogue)]
        table = routing.table_of(
            view.all("routing").values(), view.all("powers").values(), [r for f in files for r in f.routes]
        )
        _menus[view.id] = Menu(
            categories={c.code: c for f in files for c in f.categories},
            services={s.code: s for f in files for s in f.services},
            routes=routing.plain_routes(table),
            flows={code: f for code, f in view.all("cases").items() if isinstance(f, Flow)},
            has_parts=any(isinstance(f, Flow) and f.parts for f in view.all("cases").values()),
            visit_kinds={k.code: k for f in files for k in f.visit_kinds},
            visit_times=tuple(sorted({t for f in files for t in f.visit_times})),
            visit_capacity=min((f.visit_capacity for f in files if f.visit_capacity), default=None),
            visit_notice_minutes=max((f.visit_notice_minutes for f in files if f.visit_times), default=90),
            table=table,
        )
    return _menus[view.id]


def menu(pack_code: str) -> Menu:
    """The menu a place offers today."""
    return menu_of(packs.current(pack_code))


def menus(pack_code: str) -> tuple[Menu, ...]:
    """The place's own menu first, then those of places under it with packs of their own: a city reads its counties."""
    root = packs.current(pack_code).root_code
    below = [
        code for other, code in packs.published_places() if root and other != root and other.startswith(root)
    ]
    return (menu(pack_code), *(menu(code) for code in below))


def menu_of_edition(edition_id: UUID) -> Menu:
    """The menu a running case started with."""
    found = _menus.get(edition_id)
    return found if found is not None else menu_of(packs.edition(edition_id))
