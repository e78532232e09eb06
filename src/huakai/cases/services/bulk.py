"""One act on many cases: each in a transaction of its own, each with its own answer; looked at first, then done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from huakai.cases.definitions import SpanDef
from huakai.cases.services.moving import move_case
from huakai.cases.services.pausing import ask_extension
from huakai.cases.types import MoveInput
from huakai.kernel.errors import N_, RuleBroken
from huakai.registry.types import Actor

MOST = 200
"""So many cases at once."""


@dataclass(frozen=True)
class BulkResult:
    """What became of one case: done (or would be), or the refusal that says why not."""

    case_id: UUID
    problem: RuleBroken | None = None

    @property
    def ok(self) -> bool:
        return self.problem is None


def move_many(
    *,
    case_ids: Sequence[UUID],
    move: str,
    given: MoveInput,
    by: Actor,
    now: datetime,
    client_key: str,
    dry: bool = False,
) -> tuple[BulkResult, ...]:
    """Make the same move on every case. The same key again changes nothing; `dry` only says what would happen."""
    key = _checked(client_key)

    def one(case_id: UUID) -> None:
        move_case(case_id=case_id, move=move, given=given, by=by, now=now, client_key="" if dry else key)

    return _each(case_ids, one, dry=dry)


def extend_many(
    *,
    case_ids: Sequence[UUID],
    span: SpanDef,
    reason: str,
    by: Actor,
    now: datetime,
    dry: bool = False,
) -> tuple[BulkResult, ...]:
    """Ask for the same extension of every case; what waits for a decision already is refused, not asked twice."""

    def one(case_id: UUID) -> None:
        ask_extension(case_id=case_id, span=span, reason=reason, by=by, now=now)

    return _each(case_ids, one, dry=dry)


def _each(case_ids: Sequence[UUID], act: Callable[[UUID], None], *, dry: bool) -> tuple[BulkResult, ...]:
    """A dry run makes the act and takes it back, so that it cannot promise what the act would refuse."""
    wanted = list(dict.fromkeys(case_ids))
    if not wanted:
        raise RuleBroken("nothing_chosen", N_("请先勾选单子"))
    if len(wanted) > MOST:
        raise RuleBroken("too_many", N_("一次最多办{count}件，请分几次"), count=MOST)
    found = []
    for case_id in wanted:
        try:
            with transaction.atomic():
                act(case_id)
                transaction.set_rollback(dry)
            found.append(BulkResult(case_id))
        except RuleBroken as refusal:
            found.append(BulkResult(case_id, refusal))
    return tuple(found)


def _checked(client_key: str) -> str:
    if not client_key.strip() or len(client_key) > 64:
        raise RuleBroken("key_missing", N_("页面已过期，请刷新后再提交"))
    return client_key
