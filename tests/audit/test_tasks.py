"""Background entry points: one event, the sweep, the seal, and jobs of a killed worker."""

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from procrastinate.exceptions import UniqueViolation

from huakai.audit import queries, services, tasks
from huakai.audit.types import Event, Fact, Subject

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, tzinfo=UTC)
FACT = Fact(name="case.opened", subject=Subject("case", "77"), at=AT)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    seen: list[int] = []
    monkeypatch.setattr(queries, "HANDLERS", {})
    services.on("case.opened", lambda event: seen.append(event.seq), key="t.hear")
    return seen


def _seq() -> int:
    return queries.history(FACT.subject)[-1].seq


def test_a_job_delivers_its_event(heard: list[int]) -> None:
    services.record(FACT)
    tasks.deliver(event_seq=_seq())
    assert heard == [_seq()]


def test_the_sweep_looks_back_a_week_and_no_further(heard: list[int]) -> None:
    services.record(FACT)
    tasks.sweep(timestamp=int((AT + timedelta(days=8)).timestamp()))
    assert heard == []
    tasks.sweep(timestamp=int((AT + timedelta(days=6)).timestamp()))
    assert heard == [_seq()]


def test_the_hourly_task_seals(heard: list[int]) -> None:
    services.record(FACT)
    tasks.seal(timestamp=int(AT.timestamp()))
    assert queries.sealed_up_to() == (_seq(), 0)


def test_jobs_of_a_killed_worker_go_back_to_the_queue() -> None:
    again: list[str] = []

    class Jobs:
        async def get_stalled_jobs(self) -> list[str]:
            return ["job 7"]

        async def retry_job(self, job: str) -> None:
            again.append(job)

    context: Any = SimpleNamespace(app=SimpleNamespace(job_manager=Jobs()))
    asyncio.run(tasks.revive(context, timestamp=0))
    assert again == ["job 7"]


def test_a_killed_job_whose_like_waits_already_does_not_keep_the_others_from_returning() -> None:
    again: list[str] = []
    dropped: list[str] = []

    class Jobs:
        async def get_stalled_jobs(self) -> list[str]:
            return ["twin", "job 7"]

        async def retry_job(self, job: str) -> None:
            if job == "twin":
                raise UniqueViolation(
                    constraint_name="procrastinate_jobs_queueing_lock_idx_v1", queueing_lock="t"
                )
            again.append(job)

        async def finish_job(self, job: str, *, status: object, delete_job: bool) -> None:
            dropped.append(job)

    context: Any = SimpleNamespace(app=SimpleNamespace(job_manager=Jobs()))
    asyncio.run(tasks.revive(context, timestamp=0))
    assert (again, dropped) == (["job 7"], ["twin"])


def test_delivering_everything_raises_what_a_handler_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(event: Event) -> None:
        raise RuntimeError("outside is down")

    monkeypatch.setattr(queries, "HANDLERS", {})
    services.on("case.opened", fails, key="t.fails")
    services.record(FACT)
    with pytest.raises(RuntimeError, match="outside is down"):
        services.deliver_pending()


class Handled:
    """A handler that notes what it was given, and fails on the subjects it is told to."""

    def __init__(self, failing: tuple[str, ...] = ()) -> None:
        self.failing = failing
        self.seen: list[tuple[str, int]] = []

    def __call__(self, event: Event) -> None:
        if event.subject.id in self.failing:
            raise RuntimeError("outside is down")
        self.seen.append((event.subject.id, event.subject_seq))


@pytest.fixture
def handled(monkeypatch: pytest.MonkeyPatch) -> Handled:
    handler = Handled()
    monkeypatch.setattr(queries, "HANDLERS", {})
    services.on("case.opened", handler, key="t.note")
    return handler


def _happens(*subjects: str) -> list[int]:
    for subject in subjects:
        services.record(Fact(name="case.opened", subject=Subject("case", subject), at=AT))
    return [queries.history(Subject("case", subject))[-1].seq for subject in subjects]


def _jobs_left() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s", [services.DELIVER_TASK]
        )
        return int(cursor.fetchone()[0])


def test_a_job_works_off_what_waits_behind_it_once_and_in_order(handled: Handled) -> None:
    first, *_rest = _happens("1", "2", "1", "3", "1", "2")
    tasks.deliver(event_seq=first)
    assert sorted(handled.seen) == [("1", 1), ("1", 2), ("1", 3), ("2", 1), ("2", 2), ("3", 1)]
    for subject in ("1", "2", "3"):
        own = [seq for key, seq in handled.seen if key == subject]
        assert own == sorted(own)
    assert _jobs_left() == 0
    assert services.deliver_pending() == 0


def test_a_batch_stops_at_a_failure_and_leaves_the_job_to_its_retries(handled: Handled) -> None:
    handled.failing = ("2",)
    _happens("1", "2", "3")
    assert services.deliver_waiting(lambda: False) == 1
    assert (handled.seen, _jobs_left()) == ([("1", 1)], 2)
    handled.failing = ()
    assert services.deliver_waiting(lambda: False) == 2
    assert handled.seen == [("1", 1), ("2", 1), ("3", 1)]


def test_a_batch_leaves_alone_what_is_under_way_or_waits_for_its_next_try(handled: Handled) -> None:
    _happens("1", "1", "2", "3")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing' WHERE id = (SELECT min(id) FROM procrastinate_jobs)"
        )
        cursor.execute("UPDATE procrastinate_jobs SET attempts = 1 WHERE lock = 'case:2'")
    assert services.deliver_waiting(lambda: False) == 1
    assert handled.seen == [("3", 1)]


def test_a_batch_ends_when_its_time_is_up(handled: Handled) -> None:
    _happens("1", "2")
    assert services.deliver_waiting(lambda: len(handled.seen) == 1) == 1
    assert _jobs_left() == 1
