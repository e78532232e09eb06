"""Reminders of the ladder: seen by somebody of the unit they are addressed to."""

from collections.abc import Iterable
from datetime import datetime

from huakai.cases.models import Escalation
from huakai.registry.access import scope_q
from huakai.registry.types import Actor


def see_reminders(*, ids: Iterable[int], by: Actor, now: datetime) -> int:
    """Mark reminders as seen; those addressed to units one neither acts nor dispatches for stay. Returns how many."""
    addressed = scope_q(by, "case.move", area_field="unit_code") | scope_q(
        by, "case.dispatch", area_field="unit_code"
    )
    rows = Escalation.objects.filter(addressed, pk__in=list(ids), seen_at=None)
    return rows.update(seen_at=now)
