"""The list of issues, opening one, and the page of one issue."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from huakai.evaluation import queries, services
from huakai.evaluation.forms import IssueForm
from huakai.evaluation.types import BoardView, IssueCard, IssueState
from huakai.kernel.errors import RuleBroken
from huakai.registry.access import needs
from huakai.registry.types import Actor
from huakai.web import errors, pages
from huakai.web.edge import now_of

STEPS = (IssueState.COLLECTING, IssueState.FROZEN, IssueState.APPROVED, IssueState.PUBLISHED)


@dataclass(frozen=True)
class IssueBar:
    """What stands above every page of an issue: where it is, and which steps this reader may take."""

    card: IssueCard
    title: str
    steps: list[dict[str, str]]
    may_collect: bool
    may_freeze: bool
    may_approve: bool
    may_publish: bool
    may_withdraw: bool
    may_read: bool


def language() -> str:
    """The language the page is shown in."""
    return get_language() or queries.CHINESE


def bar_of(actor: Actor, issue_id: UUID) -> IssueBar:
    """The bar of an issue for a reader; raises when the reader may not know of it."""
    card = queries.issue_card(actor, issue_id)
    state, area = card.row.state, card.row.area_code
    titles = {
        IssueState.COLLECTING: _("收集"),
        IssueState.FROZEN: _("冻结"),
        IssueState.APPROVED: _("审核"),
        IssueState.PUBLISHED: _("发布"),
    }
    here = STEPS.index(state)
    words = ["done" if place < here else "now" if place == here else "later" for place in range(len(STEPS))]
    if state is IssueState.PUBLISHED:
        words[-1] = "done"
    freezes, approves = actor.may("board.freeze", area), actor.may("board.approve", area)
    return IssueBar(
        card=card,
        title=card.row.title_en if language().startswith("en") else card.row.title,
        steps=[{"title": titles[s], "state": word} for s, word in zip(STEPS, words, strict=True)],
        may_collect=actor.may("board.collect") and state is IssueState.COLLECTING,
        may_freeze=freezes and state is IssueState.COLLECTING,
        may_approve=approves and state is IssueState.FROZEN and card.frozen_by != actor.person_id,
        may_publish=(freezes or approves) and state is IssueState.APPROVED,
        may_withdraw=(freezes or approves) and state in (IssueState.FROZEN, IssueState.APPROVED),
        may_read=actor.may("board.view", area) or state is IssueState.PUBLISHED,
    )


def shown(actor: Actor, issue_id: UUID, view: BoardView | None = None) -> dict[str, Any]:
    """Bar, board and its two lists: the context every page of an issue shares."""
    bar = bar_of(actor, issue_id)
    context: dict[str, Any] = {"bar": bar, "issue_id": issue_id}
    if bar.may_read:
        view = view or queries.board_view(actor, issue_id, language())
        red, yellow = queries.listings(view)
        context |= {"view": view, "red": red, "yellow": yellow}
    return context


def actor_of(request: HttpRequest) -> Actor:
    """Who reads."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


@needs("board.view")
@require_GET
def issue_list(request: HttpRequest) -> HttpResponse:
    """Every issue the reader may see."""
    actor = actor_of(request)
    rows = queries.issue_rows(actor)
    return pages.render_page(
        request, "evaluation/issues.html", {"rows": rows, "may_open": _opens(actor), "english": _english()}
    )


def _english() -> bool:
    return language().startswith("en")


def _opens(actor: Actor) -> bool:
    """Does the reader hold the office that opens issues of the place?"""
    return any(actor.may("board.collect", area) for area in actor.prefixes("board.freeze"))


@needs("board.freeze")
@require_http_methods(["GET", "POST"])
def new_issue(request: HttpRequest) -> HttpResponse:
    """Open an issue."""
    actor = actor_of(request)
    found = queries.boards_of(actor.pack_code)
    choices = [
        (code, board.short_title_en if _english() else board.short_title) for code, board in found.items()
    ]
    if request.method != "POST":
        form = IssueForm(initial={"board": choices[0][0] if choices else ""}).with_boards(choices)
        return pages.render_page(request, "evaluation/new_issue.html", {"form": form})
    form = IssueForm(request.POST).with_boards(choices)
    if form.is_valid():
        try:
            issue_id = services.open_issue(
                new=form.wanted(),
                pack_code=actor.pack_code,
                by=actor,
                now=now_of(request),
            )
            return pages.go(request, "evaluation:collect", say=_("已建立，请导入数据"), issue_id=issue_id)
        except RuleBroken as refused:
            form.add_error(refused.field if refused.field in form.fields else None, errors.words_of(refused))
    return pages.render_page(request, "evaluation/new_issue.html", {"form": form}, status=422)


@needs("board.view")
@require_GET
def issue(request: HttpRequest, issue_id: UUID) -> HttpResponse:
    """Where an issue stands, and its board."""
    return pages.render_page(request, "evaluation/issue.html", shown(actor_of(request), issue_id))
