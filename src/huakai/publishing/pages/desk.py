"""Managing screens: make one (its address is shown once), revoke one."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huakai.kernel.errors import NotAllowed, RuleBroken
from huakai.packs.types import say
from huakai.publishing import queries, services
from huakai.publishing.types import NewScreen
from huakai.registry.access import needs
from huakai.registry.types import Actor
from huakai.web import errors, pages
from huakai.web.edge import now_of


@needs("screen.manage")
@require_http_methods(["GET", "POST"])
def screens(request: HttpRequest) -> HttpResponse:
    """The screens of the place, and a form for a new one."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    walls = queries.walls_of(actor.pack_code)
    language = get_language() or "zh-hans"
    context: dict[str, Any] = {
        "choices": [(code, say(wall, "title", language)) for code, wall in walls.items()]
    }
    if request.method == "POST":
        new = NewScreen(request.POST.get("label", ""), request.POST.get("wall", ""))
        context["given"] = new
        try:
            _id, token = services.create_screen(
                new=new, pack_code=actor.pack_code, by=actor, now=now_of(request)
            )
            kind = walls[new.wall].show.kind
            context["address"] = request.build_absolute_uri(reverse(f"publishing:{kind}", args=[token]))
            context["given"] = None
        except NotAllowed:
            raise
        except RuleBroken as refused:
            context["error"], context["field"] = errors.words_of(refused), refused.field
    context["rows"] = queries.screens(actor)
    return pages.render_page(
        request, "publishing/screens.html", context, status=422 if "error" in context else 200
    )


@needs("screen.manage")
@require_POST
def revoke(request: HttpRequest, screen_id: UUID) -> HttpResponse:
    """Make a screen's address worthless."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    services.revoke_screen(screen_id=screen_id, by=actor, now=now_of(request))
    return pages.go(request, "publishing:screens", say=_("已停用，这个地址不再显示内容"))
