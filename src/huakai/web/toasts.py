"""One short sentence after a success: an HX-Trigger header for HTMX, a signed cookie over a redirect."""

import json

from django.http import HttpRequest, HttpResponse

COOKIE = "huakai_toast"
LIFETIME_SECONDS = 60


def toast(request: HttpRequest, response: HttpResponse, text: str) -> HttpResponse:
    """Say `text` once: now when HTMX swaps the answer in, else on the page the redirect leads to."""
    if response.status_code in (301, 302, 303) or request.headers.get("HX-Request") != "true":
        response.set_signed_cookie(
            COOKIE, text, salt=COOKIE, max_age=LIFETIME_SECONDS, httponly=True, samesite="Lax"
        )
        return response
    return trigger(response, text)


def trigger(response: HttpResponse, text: str) -> HttpResponse:
    """The header the script turns into a toast; JSON keeps it ASCII."""
    response["HX-Trigger"] = json.dumps({"hk-toast": {"text": text}})
    return response


def waiting(request: HttpRequest) -> str:
    """The sentence a redirect left for this page; marks it as shown."""
    if COOKIE not in request.COOKIES:
        return ""
    request.toast_shown = True  # type: ignore[attr-defined]
    text: str = request.get_signed_cookie(COOKIE, default="", salt=COOKIE, max_age=LIFETIME_SECONDS)
    return text


def forget_shown(request: HttpRequest, response: HttpResponse) -> None:
    """Drop the cookie once a page has shown it."""
    if getattr(request, "toast_shown", False) and COOKIE not in response.cookies:
        response.delete_cookie(COOKIE, samesite="Lax")
