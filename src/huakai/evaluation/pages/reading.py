"""Reading a board: the table with its working, print view, one unit; and the residents' phone."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from huakai.evaluation import queries
from huakai.evaluation.pages.issues import actor_of, language, shown
from huakai.evaluation.types import Colour
from huakai.registry.access import PUBLIC, needs
from huakai.web import pages


@needs("board.view")
@require_GET
def table(request: HttpRequest, issue_id: UUID) -> HttpResponse:
    """Every rank with its inputs and sources."""
    actor = actor_of(request)
    context = shown(actor, issue_id, queries.board_view(actor, issue_id, language()))
    return pages.render_page(request, "evaluation/table.html", context)


@needs("board.view")
@require_GET
def print_view(request: HttpRequest, issue_id: UUID) -> HttpResponse:
    """The board as the bulletin prints it, on A4."""
    actor = actor_of(request)
    context = shown(actor, issue_id, queries.board_view(actor, issue_id, language()))
    return pages.render_page(request, "evaluation/print.html", context)


@needs("board.view")
@require_GET
def unit(request: HttpRequest, issue_id: UUID, code: str) -> HttpResponse:
    """Everything one unit has in an issue."""
    actor = actor_of(request)
    found, entries = queries.unit_page(actor, issue_id, code, language())
    marks = [entry.standing.mark for entry in entries]
    context = shown(actor, issue_id) | {
        "unit": found,
        "ranks": entries,
        "red_count": marks.count(Colour.RED),
        "yellow_count": marks.count(Colour.YELLOW),
    }
    return pages.render_page(request, "evaluation/unit.html", context)


@needs(PUBLIC)
@require_GET
def phone_list(request: HttpRequest) -> HttpResponse:
    """Published boards, newest first."""
    rows = queries.published_issues()
    english = language().startswith("en")
    return pages.render_page(request, "evaluation/phone_list.html", {"rows": rows, "english": english})


@needs(PUBLIC)
@require_GET
def phone_board(request: HttpRequest, issue_id: UUID) -> HttpResponse:
    """A published board on the phone."""
    view = queries.wall_board(issue_id, language())
    red, yellow = queries.listings(view)
    return pages.render_page(
        request, "evaluation/phone_board.html", {"view": view, "red": red, "yellow": yellow}
    )
