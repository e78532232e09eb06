"""Reactions to the engine's own events: what a case is found by is written after the commit, not by who opens it."""

from uuid import UUID

from huakai.audit import services as audit
from huakai.audit.types import Event
from huakai.cases import events, services


def index_words(event: Event) -> None:
    """Index the texts as they are now; doing it again changes nothing."""
    services.index_case(UUID(event.subject.id))


for name in (events.OPENED, events.CLOSED, events.CANCELLED):
    audit.on(name, index_words, key="cases.index_words")
