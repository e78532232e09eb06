"""Who may: one predicate *role x unit subtree x action x time*, asked by list, detail, count, export and API."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase

from huakai.kernel.errors import N_, NotAllowed
from huakai.registry.types import Actor

PUBLIC = "public"
SIGNED_IN = "signed_in"
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class ActorRequest(HttpRequest):
    """What pages receive: Django's request after the edge has set who acts and when (typing only)."""

    actor: Actor
    now: Any
    htmx: Any


def needs(requirement: str) -> Callable[[View], View]:
    """Declare who may see a page: PUBLIC, SIGNED_IN, or an action code. AccessMiddleware enforces it."""

    def mark(view: View) -> View:
        view.needs = requirement  # type: ignore[attr-defined]
        return view

    return mark


def scope_q(actor: Actor, action: str, *, area_field: str = "area_code", own: Q | None = None) -> Q:
    """The rows `actor` may touch with `action`: rows under a granted unit, or (when the role says so) own rows."""
    allowed = Q(pk__in=[])
    for prefix in actor.prefixes(action):
        if prefix == "":
            return Q()
        allowed |= Q(**{f"{area_field}__startswith": prefix})
    if own is not None and action in actor.own:
        allowed |= own
    return allowed


def require(actor: Actor, action: str, area_code: str | None = None) -> None:
    """Refuse in words when no grant covers the area."""
    if not actor.may(action, area_code):
        raise NotAllowed("not_allowed", N_("您的岗位没有这项权限，请联系本单位管理员开通"))
