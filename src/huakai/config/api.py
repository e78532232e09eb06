"""The machine door: routers of the engines under /api/v1/, problems as problem+json."""

from typing import Any

import structlog
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, AuthorizationError, HttpError, ValidationError

from huakai.cases.api import router as cases_router
from huakai.evaluation.api import router as boards_router
from huakai.kernel.errors import RuleBroken
from huakai.ledger.api import router as ledger_router
from huakai.matching.api import router as matching_router
from huakai.publishing.api import router as publishing_router
from huakai.registry.api import router as registry_router
from huakai.web import replies

log = structlog.get_logger(__name__)

api = NinjaAPI(
    title="Huakai",
    version="1",
    description="Civic service: orders, demands, dispatch, ratings, hours and points, boards.",
    urls_namespace="api-v1",
    docs_url=None,
)
api.add_router("", cases_router)
api.add_router("", matching_router)
api.add_router("", ledger_router)
api.add_router("", registry_router)
api.add_router("", boards_router)
api.add_router("", publishing_router)


@api.exception_handler(RuleBroken)
def on_rule_broken(request: HttpRequest, error: RuleBroken) -> HttpResponse:
    """A refusal in words."""
    return replies.refusal(error)


@api.exception_handler(ValidationError)
def on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Input of the wrong shape: every field with its message."""
    fields = [{"field": ".".join(str(p) for p in e["loc"]), "detail": e["msg"]} for e in error.errors]
    return replies.problem(
        422, "input_invalid", _("请求的内容不符合格式，请按字段核对"), more={"errors": fields}
    )


@api.exception_handler(AuthenticationError)
def on_anonymous(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """No token, or one that does not hold."""
    answer = replies.problem(401, "token_invalid", _("访问令牌无效、已过期，或没有这项范围"))
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(AuthorizationError)
def on_forbidden(request: HttpRequest, error: AuthorizationError) -> HttpResponse:
    """A token that does not reach this far."""
    return replies.problem(403, "not_allowed", _("这个令牌没有这项权限"))


@api.exception_handler(HttpError)
def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Whatever else ninja refuses (unreadable JSON and the like)."""
    return replies.problem(error.status_code, "request_invalid", str(error))


@api.exception_handler(Http404)
def on_missing(request: HttpRequest, error: Any) -> HttpResponse:
    """An address that leads nowhere."""
    return replies.problem(404, "not_found", _("没有找到"))


@api.exception_handler(Exception)
def on_fault(request: HttpRequest, error: Exception) -> HttpResponse:
    """Our own fault: logged in full, told without detail."""
    log.error("api_fault", path=request.path, exc_info=error)
    return replies.problem(500, "fault", _("系统出了故障，已记录，请稍后再试"))
