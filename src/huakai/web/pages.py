"""One helper for every page: the whole page, or the one named part HTMX asked for."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme

from huakai.web import toasts

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def open_to(requirement: str) -> Callable[[View], View]:
    """Declare who may see a page of this floor, as registry.access.needs does for the engines above."""

    def mark(view: View) -> View:
        view.needs = requirement  # type: ignore[attr-defined]
        return view

    return mark


def asks_for(request: HttpRequest, parts: tuple[str, ...]) -> str:
    """The name of the part HTMX wants swapped (its target's id), when the page offers it; else empty."""
    wants_part = request.headers.get("HX-Request") == "true"
    if not wants_part or request.headers.get("HX-History-Restore-Request") == "true":
        return ""
    target = request.headers.get("HX-Target", "")
    return target if target in parts else ""


def render_page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    part: str | tuple[str, ...] = "",
    status: int = 200,
) -> HttpResponse:
    """Render `template`, or only its partial named like the HX-Target when that is one of `part`.

    The element's id and the partial's name are the same word. Always varies on HX-Request and HX-Target.
    """
    parts = (part,) if isinstance(part, str) else part
    wanted = asks_for(request, tuple(name for name in parts if name))
    name = f"{template}#{wanted}" if wanted else template
    response = render(request, name, dict(context or {}, is_part=bool(wanted)), status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def go(request: HttpRequest, to: str, *, say: str = "", **params: Any) -> HttpResponse:
    """After a successful POST: to the next page (by name or path), saying one sentence there.

    HTMX follows by HX-Redirect; the sentence waits in a signed cookie either way.
    """
    response: HttpResponse = redirect(to, permanent=False, **params)
    if request.headers.get("HX-Request") == "true":
        response = HttpResponse(status=204, headers={"HX-Redirect": response["Location"]})
    return toasts.leave(response, say) if say else response


def back_to(request: HttpRequest, fallback: str = "/") -> str:
    """A path of this site to return to: `next` of the form, else the referring page, else `fallback`."""
    for wanted in (request.POST.get("next", ""), request.headers.get("Referer", "")):
        if wanted and url_has_allowed_host_and_scheme(
            wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        ):
            parts = urlsplit(wanted)
            path = parts.path or "/"
            return f"{path}?{parts.query}" if parts.query else path
    return fallback
