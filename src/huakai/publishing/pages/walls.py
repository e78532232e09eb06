"""Walls: read-only pages bound to a token. No session, no personal data; an ETag spares the unchanged page."""

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from huakai.publishing import queries
from huakai.registry.access import PUBLIC, needs
from huakai.web.edge import now_of


@needs(PUBLIC)
@require_GET
def board(request: HttpRequest, token: str) -> HttpResponse:
    """The newest published issue of a board."""
    screen = queries.screen_of(token, "board")
    wall = queries.board_wall(screen, _language())
    return _unless_known(request, "publishing/board.html", {"wall": wall, "token": token})


@needs(PUBLIC)
@require_GET
def live(request: HttpRequest, token: str) -> HttpResponse:
    """The live counters."""
    screen = queries.screen_of(token, "live")
    wall = queries.live_wall(screen, _language(), now=now_of(request))
    return _unless_known(request, "publishing/live.html", {"wall": wall, "token": token})


def _language() -> str:
    return get_language() or "zh-hans"


def _unless_known(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """The page, or 304 when the screen already shows exactly this."""
    response = render(request, template, context)
    tag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponseNotModified()
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response
