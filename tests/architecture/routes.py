"""Walks the addresses of the platform: pages with what they declare, endpoints with their guards."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI

from huakai.registry.access import BearerToken


@dataclass(frozen=True)
class Page:
    """An HTML address: its pattern and its view."""

    route: str
    view: Callable[..., Any]

    @property
    def needs(self) -> str | None:
        return getattr(self.view, "needs", None)


@dataclass(frozen=True)
class Endpoint:
    """An operation of the API."""

    method: str
    route: str
    scope: str
    needs: str


def pages(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[Page]:
    """Every page, whatever floor it comes from."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from pages(pattern.url_patterns, route)
            continue
        view = pattern.callback
        if not getattr(view, "func", view).__module__.startswith("ninja."):
            yield Page("/" + route, view)


def endpoints(api: NinjaAPI, prefix: str = "/api/v1") -> Iterator[Endpoint]:
    """Every operation, with the scope and the right its guard asks for ('' when it has no guard of ours)."""
    for mount, router in api._routers:
        for path, path_view in router.path_operations.items():
            for operation in path_view.operations:
                guards = [g for g in operation.auth_callbacks or [] if isinstance(g, BearerToken)]
                scope, needs = (guards[0].scope, guards[0].needs) if guards else ("", "")
                for method in operation.methods:
                    yield Endpoint(method, f"{prefix}{mount.rstrip('/')}{path}", scope, needs)


_PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>|\{(?:(\w+):)?(\w+)\}")


def filled(route: str, samples: Mapping[str, str]) -> str:
    """The address with sample values; KeyError names a parameter without one."""

    def value(match: re.Match[str]) -> str:
        name = match[2] or match[4]
        for key in (f"{_family(route)}.{name}", name):
            if key in samples:
                return samples[key]
        raise KeyError(f"{route}: no sample for {name}")

    return _PARAMETER.sub(value, route)


def _family(route: str) -> str:
    """The last fixed word before the first parameter: tells apart names that mean several things."""
    words = [w for w in _PARAMETER.split(route)[0].strip("/").split("/") if w]
    return words[-1] if words else ""


def without_needs(found: Iterator[Page] | list[Page]) -> list[str]:
    """Pages that do not say who may."""
    return sorted(f"{page.route} ({page.view.__module__})" for page in found if page.needs is None)


def without_guard(found: Iterator[Endpoint] | list[Endpoint], public: frozenset[str]) -> list[str]:
    """Endpoints without a guard, apart from those that are public on purpose."""
    return sorted(
        f"{e.method} {e.route}" for e in found if not e.needs and f"{e.method} {e.route}" not in public
    )
