"""The engine hears its own events: a text is indexed after the commit, once or again."""

from collections.abc import Callable
from datetime import datetime

from huakai.audit import queries as audit
from huakai.audit import services as delivery
from huakai.audit.types import Subject
from huakai.cases import handlers
from huakai.cases.models import CaseWords
from huakai.registry.types import Actor
from tests.factories.cases import open_one


def test_delivering_an_event_again_changes_nothing(actor: Callable[[str], Actor], now: datetime) -> None:
    case = open_one(actor("resident"), now)
    delivery.deliver_pending()
    before = CaseWords.objects.get(pk=case).words
    (event,) = audit.history(Subject("case", str(case)))
    handlers.index_words(event)
    assert CaseWords.objects.get(pk=case).words == before != ""
