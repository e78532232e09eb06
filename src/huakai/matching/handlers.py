"""Reactions to the case engine: whenever an order waits for a taker, have proposals ready."""

from uuid import UUID

from huakai.audit import services as audit
from huakai.audit.types import Event
from huakai.cases import events
from huakai.matching import services


def propose_taker(event: Event) -> None:
    """Rank takers for the case the event is about; the event's number makes a retry harmless."""
    services.propose(case_id=UUID(event.subject.id), cause=f"{event.name}:{event.subject_seq}", now=event.at)


for name in (events.OPENED, events.DECLINED, events.EXPIRED, events.WITHDRAWN, events.HANDED_BACK):
    audit.on(name, propose_taker, key="matching.propose_taker")
