"""The short way for machines: an API request meets what every request meets, and nothing that only pages need.

Sessions, forms, static files, HTMX and the page's own refusals cost a tenth of a request that uses none of them
(docs/benchmarks.md). Pages, unknown addresses, and views that do not guard themselves go the long way.
"""

from collections.abc import Callable
from typing import cast

from csp.utils import build_policy
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse
from django.middleware.security import SecurityMiddleware
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.cache import patch_vary_headers

from huakai.registry.access import guards_itself
from huakai.web.middleware import EdgeMiddleware

API = "/api/"
Next = Callable[[HttpRequest], HttpResponse]


class MachineDoor:
    """First in MIDDLEWARE: answers what the API knows, hands on everything else."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        self.policy = build_policy()
        self.answer = SecurityMiddleware(EdgeMiddleware(_in_their_language))

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(API):
            return self.get_response(request)
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return self.get_response(request)
        if not guards_itself(match.func):
            return self.get_response(request)
        request.resolver_match = match
        response = cast(HttpResponse, self.answer(request))
        response["Content-Security-Policy"] = self.policy
        return response


def _endpoint(request: HttpRequest) -> HttpResponse:
    request.get_host()  # refuses a host that is not ours
    match = request.resolver_match
    assert match is not None
    response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    return response


_answered = convert_exception_to_response(_endpoint)


def _in_their_language(request: HttpRequest) -> HttpResponse:
    """What Django's locale and common middleware do for an answer of a site without languages in its addresses."""
    translation.activate(translation.get_language_from_request(request))
    language = translation.get_language()
    request.LANGUAGE_CODE = language
    response = cast(HttpResponse, _answered(request))
    patch_vary_headers(response, ("Accept-Language",))
    response.headers.setdefault("Content-Language", language)
    if not response.streaming:
        response.headers.setdefault("Content-Length", str(len(response.content)))
    return response
