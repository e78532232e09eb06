"""Two connections recording on one subject keep one gapless chain; two workers deliver an event once."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import connection, transaction

from huakai.audit import queries, services
from huakai.audit.types import Event, Fact, Subject

CASE = Subject("case", "1")
FACT = Fact(name="case.moved", subject=CASE, at=datetime(2026, 3, 2, tzinfo=UTC))


def _together(*work: Callable[[], None]) -> None:
    barrier = threading.Barrier(len(work))
    errors: list[BaseException] = []

    def run(each: Callable[[], None]) -> None:
        try:
            barrier.wait(10)
            each()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(each,)) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert errors == []


@pytest.mark.django_db(transaction=True)
def test_concurrent_writers_on_one_subject_keep_a_gapless_chain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "HANDLERS", {})

    def write() -> None:
        for each in range(20):
            with transaction.atomic():
                services.record(FACT)
                if each % 5 == 4:
                    transaction.set_rollback(True)

    _together(write, write, write)
    assert [event.subject_seq for event in queries.history(CASE)] == list(range(1, 49))
    assert queries.verify() == []


@pytest.mark.django_db(transaction=True)
def test_two_workers_on_one_event_call_its_handler_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "HANDLERS", {})
    calls: list[int] = []

    def slow(event: Event) -> None:
        threading.Event().wait(0.2)
        calls.append(event.seq)

    services.on("case.moved", slow, key="t.slow")
    services.record(FACT)
    _together(lambda: void(services.deliver_due()), lambda: void(services.deliver_due()))
    assert len(calls) == 1


def void(_: object) -> None:
    """Drop a result."""
