"""The steps of an issue: decide, freeze, approve, publish, withdraw. One address per step."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from huakai.evaluation import services
from huakai.evaluation.pages.issues import actor_of, shown
from huakai.evaluation.types import Judgement, Ruling
from huakai.kernel.errors import N_, NotAllowed, NotFound, RuleBroken
from huakai.registry.access import needs
from huakai.web import errors, pages
from huakai.web.edge import now_of


def rulings() -> list[tuple[str, str]]:
    """What a person may decide, in words."""
    return [
        (Ruling.NO_RED, _("本项不公布红榜")),
        (Ruling.NO_YELLOW, _("本项不公布黄榜")),
        (Ruling.OFF_RED, _("把该单位移出红榜")),
        (Ruling.OFF_YELLOW, _("把该单位移出黄榜")),
        (Ruling.ON_YELLOW, _("未报单位列入黄榜")),
    ]


def _step(
    request: HttpRequest, issue_id: UUID, template: str, take: Callable[[], Any], say: str
) -> HttpResponse:
    """Show the page of a step; on POST take it and go to the issue, or stay with the sentence why not."""
    error = ""
    if request.method == "POST":
        try:
            take()
            return pages.go(request, "evaluation:issue", say=say, issue_id=issue_id)
        except (NotAllowed, NotFound):
            raise
        except RuleBroken as refused:
            error = errors.words_of(refused)
    context = shown(actor_of(request), issue_id) | {"error": error, "rulings": rulings()}
    return pages.render_page(request, template, context, status=422 if error else 200)


@needs("board.freeze")
@require_http_methods(["GET", "POST"])
def freeze(request: HttpRequest, issue_id: UUID) -> HttpResponse:
    """Compute and store the board, or see what a person must decide first."""

    def take() -> None:
        services.freeze(issue_id=issue_id, by=actor_of(request), now=now_of(request))

    return _step(request, issue_id, "evaluation/freeze.html", take, _("已冻结，请另一位同志审核"))


@needs("board.approve")
@require_http_methods(["GET", "POST"])
def approve(request: HttpRequest, issue_id: UUID) -> HttpResponse:
    """A second person confirms the frozen board."""

    def take() -> None:
        services.approve(issue_id=issue_id, by=actor_of(request), now=now_of(request))

    return _step(request, issue_id, "evaluation/approve.html", take, _("已审核，可以发布"))


@needs("board.view")
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, issue_id: UUID) -> HttpResponse:
    """Publish for good."""

    def take() -> None:
        services.publish(issue_id=issue_id, by=actor_of(request), now=now_of(request))

    return _step(request, issue_id, "evaluation/publish.html", take, _("已发布，大屏和群众端现在可以看到"))


@needs("board.view")
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, issue_id: UUID) -> HttpResponse:
    """Back to collecting, with the reason."""

    def take() -> None:
        reason = request.POST.get("reason", "")
        services.withdraw(issue_id=issue_id, reason=reason, by=actor_of(request), now=now_of(request))

    return _step(request, issue_id, "evaluation/withdraw.html", take, _("已退回收集"))


@needs("board.freeze")
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, issue_id: UUID) -> HttpResponse:
    """Record a decision about one part."""
    actor, error, field = actor_of(request), "", ""
    given = request.POST if request.method == "POST" else request.GET
    if request.method == "POST":
        try:
            services.decide(
                issue_id=issue_id,
                judgement=_judgement(request),
                by=actor,
                now=now_of(request),
            )
            return pages.go(request, "evaluation:freeze", say=_("决定已记录"), issue_id=issue_id)
        except (NotAllowed, NotFound):
            raise
        except RuleBroken as refused:
            error, field = errors.words_of(refused), refused.field
    context = shown(actor, issue_id)
    parts = {p.code: (s, i, p) for s, i, p in context["view"].parts()}
    if given.get("part") not in parts:
        raise NotFound("no_part", N_("榜单里没有这一项"))
    section, item, part = parts[given["part"]]
    context |= {"error": error, "field": field, "given": given, "rulings": rulings(), "section": section}
    context |= {"item": item, "part": part, "choices": [(s.unit.code, s.unit.name) for s in part.standings]}
    return pages.render_page(request, "evaluation/decide.html", context, status=422 if error else 200)


@needs("board.freeze")
@require_POST
def undo(request: HttpRequest, issue_id: UUID) -> HttpResponse:
    """Take a decision back."""
    judgement = _judgement(request)
    services.undo_decision(
        issue_id=issue_id,
        part=judgement.part,
        ruling=judgement.ruling,
        unit=judgement.unit,
        by=actor_of(request),
        now=now_of(request),
    )
    return pages.go(request, "evaluation:freeze", say=_("决定已撤回"), issue_id=issue_id)


def _judgement(request: HttpRequest) -> Judgement:
    post = request.POST
    if post.get("ruling") not in set(Ruling):
        raise RuleBroken("no_ruling", N_("请选择怎样处理"), field="ruling")
    return Judgement(
        post.get("part", ""), Ruling(post["ruling"]), post.get("unit", ""), post.get("reason", "")
    )
