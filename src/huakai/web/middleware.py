"""The edge of every request: id, clock, reader mode, usable browser; and refusals as pages in words."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from huakai.kernel.errors import RuleBroken
from huakai.kernel.ids import new_id
from huakai.web import edge, errors, toasts

MACHINE_PATHS = ("/static/", "/api/", "/healthz")
Next = Callable[[HttpRequest], HttpResponse]


class EdgeMiddleware:
    """Gives the request its id, `now` and mode; answers Internet Explorer with a plain page."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = edge.clock.now()
        request.now = now  # type: ignore[attr-defined]
        request.request_id = new_id(now).hex  # type: ignore[attr-defined]
        wanted = request.COOKIES.get(edge.MODE_COOKIE, "")
        request.mode = wanted if wanted in edge.MODES else "std"  # type: ignore[attr-defined]
        response = (
            render(request, "web/old_browser.html") if _is_too_old(request) else self.get_response(request)
        )
        response["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        toasts.forget_shown(request, response)
        return response


class RuleBrokenMiddleware:
    """Refusals no page caught become a page (or a fragment for HTMX) that says what to do; so does a form's address
    opened by hand."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if (
            response.status_code == 405
            and not response.content
            and not request.path.startswith(MACHINE_PATHS)
        ):
            return errors.wrong_way(request, response)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, RuleBroken) and not request.path.startswith("/api/"):
            return errors.refusal(request, exception)
        return None


def _is_too_old(request: HttpRequest) -> bool:
    agent = request.META.get("HTTP_USER_AGENT", "")
    return ("Trident/" in agent or "MSIE " in agent) and not request.path.startswith(MACHINE_PATHS)
