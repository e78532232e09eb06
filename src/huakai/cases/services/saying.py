"""Words beside the moves: notes among staff, and consultations (会商)."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from huakai.cases import events
from huakai.cases.models import Consultation, Note
from huakai.cases.services import standing
from huakai.cases.types import Status, Who
from huakai.kernel.clock import CHINA
from huakai.kernel.errors import N_, RuleBroken
from huakai.kernel.ids import new_id
from huakai.registry import queries as registry
from huakai.registry.types import Actor

STAFF = (Who.DISPATCHER, Who.HANDLER, Who.CO_HANDLER, Who.FINDER, Who.AREA_STAFF, Who.SUPERVISOR)


@transaction.atomic
def add_note(*, case_id: UUID, text: str, by: Actor, now: datetime) -> None:
    """An internal note: read by those who work on the case, never by the one who ordered."""
    case = standing.locked(case_id)
    standing.only(case, by, *STAFF)
    if not text.strip():
        raise RuleBroken("words_missing", N_("请写备注内容"), field="text")
    note = Note(id=new_id(now), case=case, move="", text=text.strip()[:2000], at=now, kind="internal")
    note.author = by.person_id
    note.save(force_insert=True)
    standing.record(case, events.NOTED, by, now, internal=str(note.id))


@transaction.atomic
def record_consultation(
    *, case_id: UUID, held_on: date, unit_codes: Sequence[str], decision: str, by: Actor, now: datetime
) -> UUID:
    """Which units sat together about the case, on which day, and what was decided (row TZ-02)."""
    case = standing.locked(case_id)
    standing.only(case, by, Who.DISPATCHER, Who.HANDLER)
    if case.status not in (Status.OPEN, Status.PARKED):
        raise RuleBroken("not_open", N_("这件事已经不在办理中"))
    codes = list(dict.fromkeys(unit_codes))
    known = registry.units_by_codes(codes)
    if len(codes) < 2 or len(known) != len(codes):
        raise RuleBroken("units_missing", N_("请选择参加会商的单位（至少两个）"), field="units")
    if not decision.strip():
        raise RuleBroken("decision_missing", N_("请写会商结论"), field="decision")
    if held_on > now.astimezone(CHINA).date():
        raise RuleBroken("held_ahead", N_("会商日期不能晚于今天"), field="held_on")
    made = Consultation.objects.create(
        id=new_id(now),
        case=case,
        held_on=held_on,
        unit_codes=codes,
        decision=decision.strip()[:2000],
        written_by=by.person_id,
        at=now,
    )
    standing.record(case, events.CONSULTED, by, now, consultation=str(made.id), units=codes)
    return made.id
