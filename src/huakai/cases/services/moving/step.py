"""One move being made: everything the effects read and write."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from huakai.cases import rules
from huakai.cases.definitions import Flow, Move, Service, SpanDef
from huakai.cases.models import Assignment, Case
from huakai.cases.queries import facts
from huakai.cases.services import timing
from huakai.cases.types import Answer, MoveInput, TakerKind
from huakai.kernel.ids import new_id
from huakai.registry.types import Actor, UnitCard


@dataclass
class Step:
    """The case under lock, the move, who makes it, and what it leads to."""

    case: Case
    flow: Flow
    move: Move
    given: MoveInput
    offers: list[Assignment]
    by: Actor
    now: datetime
    at: datetime
    """`now` as the ledger of clocks counts it: never before its last line (timing.moment)."""
    service: Service | None = None
    made: list[Assignment] = field(default_factory=list)
    settled: list[Assignment] = field(default_factory=list)
    lines: list[timing.Line] = field(default_factory=list)
    payload: dict[str, Any] = field(default_factory=dict)

    def settle(self, assignment: Assignment, state: Answer, reason: str = "") -> None:
        """Give an assignment its answer; saved with the move."""
        assignment.state, assignment.answered_at, assignment.reason = state, self.now, reason[:300]
        self.settled.append(assignment)

    def open_offers(self) -> list[Assignment]:
        """Offers and assignments of the lead that wait for an answer."""
        return [o for o in self.offers if o.state == Answer.OFFERED and not o.is_part]

    def standing(self) -> list[Assignment]:
        """The lead's assignments that are neither refused nor over."""
        return [o for o in self.offers if o.state in facts.STANDING and not o.is_part]

    def my_parts(self) -> list[Assignment]:
        """Standing parts of units the actor acts for."""
        return facts.parts_of(self.case, self.offers, self.by)

    def due(self, span: SpanDef) -> datetime:
        """When a span that starts now is over, by the case's calendar."""
        return rules.due_at(span, self.now, timing.calendar_of(self.case)[1]).at

    def answered(self) -> None:
        """The first answer counts once, and stops its clock."""
        if self.case.first_answer_at is None:
            self.case.first_answer_at = self.now
            self.lines.append(timing.answered_line(self.case, self.at))

    def assign(
        self, kind: TakerKind, taker_id: UUID, state: Answer, lease: datetime | None = None
    ) -> Assignment:
        """A further link of the chain."""
        made = Assignment(
            id=new_id(self.now),
            case=self.case,
            kind=kind,
            state=state,
            offered_at=self.now,
            lease_until=lease,
        )
        setattr(made, f"{kind}_id", taker_id)
        made.answered_at = None if state is Answer.OFFERED else self.now
        made.offered_by = self.by.person_id
        self.made.append(made)
        return made

    def assign_unit(
        self, unit: UnitCard, *, head: UUID | None, is_part: bool = False, state: Answer = Answer.OFFERED
    ) -> Assignment:
        """Ask a unit, as lead or for a part; its first-responsible person of this day is kept with it."""
        made = self.assign(TakerKind.UNIT, unit.id, state)
        made.unit_code, made.head_id, made.is_part = unit.code, head, is_part
        return made
