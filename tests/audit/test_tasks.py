"""Background entry points: one event, the sweep, the seal, and jobs of a killed worker."""

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
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
