"""JSON door of the boards: issues and their lists, read-only."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from huakai.evaluation import queries
from huakai.evaluation.types import BoardView, IssueRow, IssueState
from huakai.registry.access import api_auth
from huakai.registry.types import Actor
from huakai.web.replies import reply

router = Router(tags=["boards"])


class IssuesOut(Schema):
    """Issues the token may see, newest first."""

    issues: list[IssueRow]


class IssueOut(Schema):
    """An issue with its whole board: lists as printed, every standing with its inputs."""

    id: UUID
    state: IssueState
    published_at: datetime | None
    content_hash: str
    """SHA-256 of the stored board; empty while figures are collected."""
    board: BoardView


@router.get("/boards", response=IssuesOut, auth=api_auth("boards:read", needs="board.view"))
def issues(request: HttpRequest) -> HttpResponse:
    """Issues of the token's area, newest first."""
    by: Actor = request.actor  # type: ignore[attr-defined]
    return reply(IssuesOut, IssuesOut(issues=queries.issue_rows(by)))


@router.get("/boards/{uuid:issue_id}", response=IssueOut, auth=api_auth("boards:read", needs="board.view"))
def issue(request: HttpRequest, issue_id: UUID) -> HttpResponse:
    """One issue with its board."""
    by: Actor = request.actor  # type: ignore[attr-defined]
    board = queries.board_view(by, issue_id, by.language)
    row = queries.issue_card(by, issue_id).row
    out = IssueOut.model_construct(
        id=row.id, state=row.state, published_at=row.published_at, content_hash=row.content_hash, board=board
    )
    return reply(IssueOut, out)
