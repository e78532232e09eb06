"""Who may: one predicate *role x unit subtree x action x time* for list, detail, count, export and API."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.contrib import auth
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from ninja.security import HttpBearer

from huakai.kernel.errors import N_, NotAllowed
from huakai.registry.models import Account
from huakai.registry.queries import actors
from huakai.registry.queries.scope import scope_q
from huakai.registry.types import ANONYMOUS, Actor
from huakai.web import errors

__all__ = [
    "PUBLIC",
    "SIGNED_IN",
    "AccessMiddleware",
    "ActorRequest",
    "api_auth",
    "end_session",
    "guards_itself",
    "known_scopes",
    "needs",
    "require",
    "scope_q",
    "start_session",
    "token_hash",
]

PUBLIC = "public"
SIGNED_IN = "signed_in"
STAFF_SESSION_SECONDS = 12 * 3600
View = TypeVar("View", bound=Callable[..., HttpResponseBase])
GetResponse = Callable[[HttpRequest], HttpResponseBase]


class ActorRequest(HttpRequest):
    """What pages receive: Django's request after the edge has set who acts and when (typing only)."""

    actor: Actor
    now: datetime
    mode: str
    request_id: str
    htmx: Any


def needs(requirement: str) -> Callable[[View], View]:
    """Declare who may see a page: PUBLIC, SIGNED_IN, or an action code. AccessMiddleware enforces it."""

    def mark(view: View) -> View:
        view.needs = requirement  # type: ignore[attr-defined]
        return view

    return mark


def require(actor: Actor, action: str, area_code: str | None = None) -> None:
    """Refuse in words when no grant covers the area."""
    if not actor.may(action, area_code):
        raise _refused()


def _refused() -> NotAllowed:
    return NotAllowed("not_allowed", N_("您的岗位没有这项权限，请联系本单位管理员开通"))


def guards_itself(view: Callable[..., Any]) -> bool:
    """Is it an endpoint of the API? They carry `api_auth`; everything else is held by AccessMiddleware."""
    return bool(getattr(view, "func", view).__module__.startswith("ninja."))


class AccessMiddleware:
    """Sets `request.actor` (looked up on first use) and holds every page to the right it declares."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.actor = SimpleLazyObject(lambda: _actor_of_session(request))  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        if guards_itself(view):
            return None
        requirement = getattr(view, "needs", None)
        if requirement is None:
            raise ImproperlyConfigured(f"{view.__module__}.{view.__qualname__} does not say who may see it")
        if requirement == PUBLIC:
            return None
        actor: Actor = request.actor  # type: ignore[attr-defined]
        if not actor.signed_in:
            return _to_sign_in(request)
        if requirement != SIGNED_IN and not actor.may(requirement):
            return errors.refusal(request, _refused())
        return None


def _actor_of_session(request: HttpRequest) -> Actor:
    key = request.session.get(auth.SESSION_KEY)
    if key is not None:
        found = actors.signed_in(int(key), request.now, getattr(request, "request_id", ""))  # type: ignore[attr-defined]
        given = request.session.get(auth.HASH_SESSION_KEY, "")
        if found and constant_time_compare(given, found.session_hash):
            return found.actor
    language = get_language() or ANONYMOUS.language
    return replace(ANONYMOUS, pack_code=actors.pack_at(""), language=language)


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Send a visitor to the sign-in page and back; HTMX is told to load it as a whole page."""
    address = "/signin/?" + urlencode({"next": request.get_full_path() if request.method == "GET" else "/"})
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def start_session(request: HttpRequest, account_id: int, *, staff: bool) -> None:
    """Sign in: a fresh session key, bound to the password; staff sessions end after a working day."""
    account = Account.objects.get(pk=account_id)
    auth.login(request, account, backend="django.contrib.auth.backends.ModelBackend")
    if staff:
        request.session.set_expiry(STAFF_SESSION_SECONDS)


def end_session(request: HttpRequest) -> None:
    """Sign out: the session row is gone."""
    auth.logout(request)


def token_hash(token: str) -> str:
    """How a bearer token is stored. It carries 256 random bits, so a plain hash cannot be reversed."""
    return hashlib.sha256(token.encode()).hexdigest()


class BearerToken(HttpBearer):
    """A bearer token that must carry `scope`, of an account that may do `action`."""

    def __init__(self, scope: str, action: str) -> None:
        super().__init__()
        self.scope = scope
        self.needs = action

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        now, request_id = request.now, getattr(request, "request_id", "")  # type: ignore[attr-defined]
        actor = actors.actor_of_token(token_hash(token), now, request_id)
        if actor is None:
            return None
        if self.scope not in (actor.scopes or ()):
            message = N_("访问令牌没有 {scope} 范围，请换一个令牌或重新申请")
            raise NotAllowed("scope_missing", message, scope=self.scope)
        if self.needs not in (SIGNED_IN, PUBLIC):
            require(actor, self.needs)
        request.actor = actor  # type: ignore[attr-defined]
        return actor


_scopes: set[str] = set()


def api_auth(scope: str, needs: str) -> BearerToken:
    """The guard of an API endpoint: `Router.get(…, auth=api_auth("cases:read", needs="case.view"))`."""
    _scopes.add(scope)
    return BearerToken(scope, needs)


def known_scopes() -> frozenset[str]:
    """Every scope some endpoint asks for."""
    return frozenset(_scopes)
