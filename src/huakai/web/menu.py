"""Menus by URL family, registered by the engines that own the pages: `desk` side nav, `m` tab bar."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from huakai.web import edge

Family = Literal["desk", "m"]
ANYONE = ""
SIGNED_IN = "signed_in"


@dataclass(frozen=True)
class MenuItem:
    """An entry: `needs` is an action, "signed_in" or empty; `count` fills the badge; `title` may be lazy."""

    code: str
    title: object
    url_name: str
    icon: str
    needs: str = ANYONE
    order: int = 100
    count: Callable[[HttpRequest], int] | None = None
    show: Callable[[HttpRequest], bool] | None = None
    also: tuple[str, ...] = ()
    """Other paths that belong to this entry (it is the current one there as well)."""


@dataclass(frozen=True)
class MenuEntry:
    """An item as one reader sees it now."""

    code: str
    title: str
    url: str
    icon: str
    count: int
    current: bool


_items: dict[Family, dict[str, MenuItem]] = {"desk": {}, "m": {}}


def register_menu(family: Family, item: MenuItem) -> None:
    """Called from apps.ready(); the same code twice replaces the earlier item."""
    _items[family][item.code] = item


def items_of(family: Family) -> tuple[MenuItem, ...]:
    """Every registered item in order, whoever asks."""
    return tuple(sorted(_items[family].values(), key=lambda item: (item.order, item.code)))


def entries_for(request: HttpRequest, family: Family) -> list[MenuEntry]:
    """The entries this reader may open; the one with the longest matching path is current."""
    shown = list(_visible(request, family))
    here = max((_fit(request.path, item, url) for item, url in shown), default=0)
    return [
        MenuEntry(
            code=item.code,
            title=str(item.title),
            url=url,
            icon=item.icon,
            count=item.count(request) if item.count else 0,
            current=0 < here == _fit(request.path, item, url),
        )
        for item, url in shown
    ]


def _fit(path: str, item: MenuItem, url: str) -> int:
    """How much of the path the entry covers."""
    return max((len(start) for start in (url, *item.also) if path.startswith(start)), default=0)


def _visible(request: HttpRequest, family: Family) -> Iterator[tuple[MenuItem, str]]:
    for item in items_of(family):
        if not _may_open(request, item):
            continue
        try:
            yield item, reverse(item.url_name)
        except NoReverseMatch:
            continue


def _may_open(request: HttpRequest, item: MenuItem) -> bool:
    reader = edge.reader_of(request)
    if item.show is not None and not item.show(request):
        return False
    if item.needs == ANYONE:
        return True
    if item.needs == SIGNED_IN:
        return reader.signed_in
    return reader.may(item.needs)
