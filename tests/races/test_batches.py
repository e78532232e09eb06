"""Two workers work off the same queue at once: each event is handled once, a subject's in order."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection

from huakai.audit import queries, services
from huakai.audit.types import Event, Fact, Subject

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _empty_queue(transactional_db: None) -> None:
    """The queue's tables are not ours to flush: other tests leave jobs there."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def test_two_batches_share_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, int]] = []
    monkeypatch.setattr(queries, "HANDLERS", {})
    services.on("case.opened", lambda e: seen.append((e.subject.id, e.subject_seq)), key="t.note")
    expected = [(str(number), place) for number in range(12) for place in (1, 2)]
    for number, _place in expected:
        services.record(Fact(name="case.opened", subject=Subject("case", number), at=AT))

    def work() -> None:
        services.deliver_waiting(lambda: False, at_once=5)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(20)
    assert sorted(seen) == sorted(expected)
    assert all(seen.index((str(n), 1)) < seen.index((str(n), 2)) for n in range(12))
    services.deliver_waiting(lambda: False)
    assert services.deliver_pending() == 0


def test_an_event_in_a_killed_batch_is_still_owed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A killed process ends its transaction: neither the receipt nor the job's removal stands."""

    def dies(event: Event) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(queries, "HANDLERS", {})
    services.on("case.opened", dies, key="t.dies")
    services.record(Fact(name="case.opened", subject=Subject("case", "1"), at=AT))
    with pytest.raises(KeyboardInterrupt):
        services.deliver_waiting(lambda: False)
    assert len(queries.undelivered(limit=10)) == len(queries.waiting_jobs(services.DELIVER_TASK, 10)) == 1
