"""One sign-in page with two tabs: phone and code for residents and volunteers, user name and password for staff."""

from django.http import HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from huakai.registry import services
from huakai.registry.access import PUBLIC, SIGNED_IN, ActorRequest, end_session, needs, start_session
from huakai.registry.pages.beside import Beside
from huakai.web import pages

STAFF_FAMILIES = ("/desk/", "/parts")
PHONE, STAFF = "phone", "staff"


@needs(PUBLIC)
@never_cache
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: ActorRequest) -> HttpResponse:
    """Show the page, send a code, or let in."""
    if request.method != "POST":
        if request.actor.signed_in and not request.GET.get("next"):
            return pages.go(request, "/m/me/")
        return _show(request, Beside(), tab=_tab(request))
    act = request.POST.get("act")
    if act == "send":
        return _send(request)
    if act == "verify":
        return _verify(request)
    return _password(request)


def _next(request: ActorRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe and wanted != "/" else ""


def _tab(request: ActorRequest) -> str:
    tab = request.GET.get("tab")
    if tab in (PHONE, STAFF):
        return tab
    return STAFF if _next(request).startswith(STAFF_FAMILIES) else PHONE


def _show(
    request: ActorRequest, beside: Beside, *, tab: str, sent: bool = False, shown_code: str = ""
) -> HttpResponse:
    context = {
        "tab": tab,
        "next": _next(request),
        "sent": sent,
        "shown_code": shown_code,
        "phone": request.POST.get("phone", ""),
        "username": request.POST.get("username", ""),
        "errors": beside.errors,
    }
    return pages.render_page(request, "registry/signin.html", context, status=422 if beside.errors else 200)


def _address(request: ActorRequest) -> str:
    return request.META.get("REMOTE_ADDR", "") or "unknown"


def _send(request: ActorRequest) -> HttpResponse:
    beside = Beside()
    phone = request.POST.get("phone", "")
    shown = beside.attempt(
        lambda: services.request_code(phone=phone, address=_address(request), now=request.now)
    )
    return _show(request, beside, tab=PHONE, sent=not beside.errors, shown_code=shown or "")


def _verify(request: ActorRequest) -> HttpResponse:
    beside = Beside()
    phone, code = request.POST.get("phone", ""), request.POST.get("code", "").strip()
    account = beside.attempt(lambda: services.verify_code(phone=phone, code=code, now=request.now))
    if account is None:
        return _show(request, beside, tab=PHONE, sent=True)
    start_session(request, account, staff=False)
    return pages.go(request, _next(request) or "/m/", say=_("已登录"))


def _password(request: ActorRequest) -> HttpResponse:
    beside = Beside()
    name, password = request.POST.get("username", ""), request.POST.get("password", "")
    account = beside.attempt(
        lambda: services.check_password(
            username=name, password=password, address=_address(request), now=request.now
        )
    )
    if account is None:
        return _show(request, beside, tab=STAFF)
    start_session(request, account, staff=True)
    return pages.go(request, _next(request) or "/desk/", say=_("已登录"))


@needs(SIGNED_IN)
@require_POST
def sign_out(request: ActorRequest) -> HttpResponse:
    """Leave; the session is gone."""
    end_session(request)
    return pages.go(request, "/signin/", say=_("已退出"))
