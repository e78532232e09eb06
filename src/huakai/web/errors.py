"""Pages for what went wrong: always a sentence, a next step and a telephone number; never internals."""

import sys
from dataclasses import dataclass

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from huakai.kernel.errors import N_, NotAllowed, NotFound, RuleBroken
from huakai.web import toasts

LAST_RESORT = (
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>500</title>'
    "<h1>系统暂时出了问题，请稍后再试</h1><p>Something went wrong here. Please try again shortly.</p>"
)


@dataclass(frozen=True)
class Trouble:
    """One error page: what happened and what to do, as source strings."""

    status: int
    title: str
    advice: str
    icon: str = "triangle-alert"


BAD_REQUEST = Trouble(400, N_("这次请求没有看懂"), N_("请返回上一页，检查后再提交一次"))
FORBIDDEN = Trouble(
    403, N_("您的岗位看不到这一页"), N_("请联系本单位管理员开通权限，或换一个账号进入"), icon="lock"
)
EXPIRED = Trouble(403, N_("页面停留太久，已经过期"), N_("请返回上一页，刷新后再提交一次"), icon="clock")
WRONG_WAY = Trouble(
    405, N_("这一步要从页面上的按钮做"), N_("请从首页重新进入，再点一次按钮"), icon="arrow-left"
)
MISSING = Trouble(404, N_("没有找到这一页"), N_("它可能已经移走，请从首页重新进入"), icon="search")
BROKEN = Trouble(500, N_("系统暂时出了问题"), N_("您刚才的内容可能没有保存，请稍后再试"))
AWAY = Trouble(503, N_("系统正在维护"), N_("请过几分钟再来，急事请打电话"), icon="wrench")
REFUSED = Trouble(422, N_("这一步没有办成"), N_("请返回上一页，改好后再提交一次"))


def words_of(error: RuleBroken) -> str:
    """The refusal as a sentence in the reader's language."""
    return _(error.message).format(**error.params)


def refusal(request: HttpRequest, error: RuleBroken) -> HttpResponse:
    """A refusal no page caught, as a page or (for HTMX) as a fragment at the top of the page."""
    if isinstance(error, NotAllowed):
        return show(request, FORBIDDEN, advice=words_of(error))
    if isinstance(error, NotFound):
        return show(request, MISSING, title=words_of(error))
    return show(request, REFUSED, title=words_of(error))


def show(request: HttpRequest, trouble: Trouble, *, title: str = "", advice: str = "") -> HttpResponse:
    """Render one trouble in the reader's language. Never raises: the last resort is plain text."""
    with translation.override(_language_of(request)):
        context = {  # asks nothing of the database: it may be what failed
            "trouble": trouble,
            "title": title or _(trouble.title),
            "advice": advice or _(trouble.advice),
            "hotline": settings.HOTLINE,
            "mode": getattr(request, "mode", "std"),
            "request_id": getattr(request, "request_id", ""),
            "signed_in": settings.SESSION_COOKIE_NAME in request.COOKIES,
        }
        try:
            return _rendered(request, trouble, context)
        except Exception:
            return HttpResponse(LAST_RESORT, status=trouble.status)


def _rendered(request: HttpRequest, trouble: Trouble, context: dict[str, object]) -> HttpResponse:
    if request.headers.get("HX-Request") == "true":
        response = HttpResponse(render_to_string("web/error.html#flash", context), status=trouble.status)
        response["HX-Retarget"], response["HX-Reswap"] = "#flash", "innerHTML"
        toasts.trigger(response, str(context["title"]))
    else:
        response = HttpResponse(render_to_string("web/error.html", context), status=trouble.status)
    patch_vary_headers(response, ["HX-Request", "Accept-Language", "Cookie"])
    return response


def _language_of(request: HttpRequest) -> str:
    return getattr(request, "LANGUAGE_CODE", None) or translation.get_language() or settings.LANGUAGE_CODE


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return show(request, BAD_REQUEST)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return show(request, FORBIDDEN)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return show(request, EXPIRED)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return show(request, MISSING)


def wrong_way(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """For an address that only takes what a form sends, opened by hand: Django answers with an empty page."""
    shown = show(request, WRONG_WAY)
    shown["Allow"] = response["Allow"]
    return shown


def server_error(request: HttpRequest) -> HttpResponse:
    """The database being away is maintenance, not a fault of the page."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return service_unavailable(request)
    return show(request, BROKEN)


def service_unavailable(request: HttpRequest) -> HttpResponse:
    """For the command line's maintenance switch and the database being away."""
    response = show(request, AWAY)
    response["Retry-After"] = "120"
    return response
