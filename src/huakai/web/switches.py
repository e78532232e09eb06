"""The reader's own switches: letter size and language, kept in cookies, no account needed."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from huakai.web import edge, pages


@pages.open_to("public")
@require_POST
def set_mode(request: HttpRequest) -> HttpResponse:
    """Standard, elder or extra-large letters."""
    response = HttpResponseRedirect(pages.back_to(request))
    mode = request.POST.get("mode", "")
    if mode in edge.MODES:
        _keep(response, edge.MODE_COOKIE, mode)
    return response


@pages.open_to("public")
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Chinese or English."""
    response = HttpResponseRedirect(pages.back_to(request))
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        _keep(response, settings.LANGUAGE_COOKIE_NAME, language)
    return response


def _keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name, value, max_age=edge.YEAR_SECONDS, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
