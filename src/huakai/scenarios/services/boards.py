"""Opens an issue of the demo's board, uploads the example workbook, and brings it to publication."""

from datetime import date, datetime
from pathlib import Path

from huakai.evaluation import services as evaluation
from huakai.evaluation.types import NewIssue
from huakai.files import services as files
from huakai.kernel.errors import RuleBroken
from huakai.scenarios.definitions import Script
from huakai.scenarios.services import cast


def publish_board(script: Script, workbook: Path, pack_code: str, now: datetime) -> None:
    """Collected by the clerk, frozen by the clerk, approved and published by a second person."""
    clerk, approver = (cast.staff(script.account(role), now) for role in ("board_clerk", "board_approver"))
    board = script.board
    new = NewIssue(
        board=board.code,
        period=board.period,
        starts_on=date.fromisoformat(board.starts_on),
        ends_on=date.fromisoformat(board.ends_on),
    )
    issue = evaluation.open_issue(new=new, pack_code=pack_code, by=clerk, now=now)
    report = files.run_import(
        kind="figures", content=workbook.read_bytes(), name=workbook.name, dry_run=False, by=clerk, now=now
    )
    if report.problems:
        first = report.problems[0]
        raise RuleBroken("demo_figures", f"{workbook.name}:{first.line} {first.field} {first.reason}")
    evaluation.freeze(issue_id=issue, by=clerk, now=now)
    evaluation.approve(issue_id=issue, by=approver, now=now)
    evaluation.publish(issue_id=issue, by=approver, now=now)
