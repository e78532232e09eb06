"""The ladder that follows a deadline: which case has to be looked at, and what is done, exactly once a rung."""

from datetime import datetime

from huakai.cases.definitions import Flow
from huakai.cases.models import Case
from huakai.cases.types import Status


def plan(case: Case, flow: Flow, now: datetime) -> None:
    """Mark a case whose clocks have changed: the next sweep reads its ledger and says when to look again."""
    watched = bool(flow.ladder) and case.status == Status.OPEN and case.paused_since is None
    case.next_act_at = now if watched else None
