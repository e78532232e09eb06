"""One short sentence after a success: an HX-Trigger header for HTMX, a signed cookie over a redirect."""

import json

from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "huakai_toast"
LIFETIME_SECONDS = 60


def toast(request: HttpRequest, response: HttpResponse, text: str) -> HttpResponse:
    """Say `text` once: now when HTMX swaps the answer in, else on the page the redirect leads to."""
    swapped = request.headers.get("HX-Request") == "true" and "HX-Redirect" not in response
    if swapped and response.status_code not in (301, 302, 303):
        return trigger(response, text)
    return leave(response, text)


def leave(response: HttpResponse, text: str) -> HttpResponse:
    """Keep the sentence for the next page: signed, and base64 because headers are latin-1."""
    value = signing.dumps(str(text), salt=COOKIE)
    response.set_cookie(COOKIE, value, max_age=LIFETIME_SECONDS, httponly=True, samesite="Lax")
    return response


def trigger(response: HttpResponse, text: str) -> HttpResponse:
    """The header the script turns into a toast; JSON keeps it ASCII."""
    response["HX-Trigger"] = json.dumps({"hk-toast": {"text": str(text)}})
    return response


def waiting(request: HttpRequest) -> str:
    """The sentence a redirect left for this page; marks it as shown."""
    kept = request.COOKIES.get(COOKIE)
    if kept is None:
        return ""
    request.toast_shown = True  # type: ignore[attr-defined]
    try:
        return str(signing.loads(kept, salt=COOKIE, max_age=LIFETIME_SECONDS))
    except signing.BadSignature:
        return ""


def forget_shown(request: HttpRequest, response: HttpResponse) -> None:
    """Drop the cookie once a page has shown it."""
    if getattr(request, "toast_shown", False) and COOKIE not in response.cookies:
        response.delete_cookie(COOKIE, samesite="Lax")
