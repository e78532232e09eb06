"""Background entry points: delivery of one event, the sweep for lost jobs, the hourly seal."""

import threading
import time
from datetime import UTC, datetime, timedelta

import procrastinate
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from huakai.audit import services

BACKOFF = procrastinate.RetryStrategy(max_attempts=12, exponential_wait=2)
LOOK_BACK = timedelta(days=7)
BATCH_SECONDS = 2.0
"""Well below the grace a worker gets to finish what it does."""
_batching = threading.Lock()


@app.task(name=services.DELIVER_TASK, queue="events", retry=BACKOFF)
def deliver(event_seq: int) -> None:
    """Hand one event to its handlers; a failure is retried with growing pauses while the subject waits.

    Then, one thread at a time, whatever waits by now: in a storm the queue's own way costs more than the work.
    """
    services.deliver_event(event_seq)
    if _batching.acquire(blocking=False):
        try:
            ends = time.monotonic() + BATCH_SECONDS
            services.deliver_waiting(lambda: time.monotonic() >= ends)
        finally:
            _batching.release()


@app.periodic(cron="* * * * *")
@app.task(name="huakai.audit.sweep", queue="events", queueing_lock="audit_sweep")
def sweep(timestamp: int) -> None:
    """Deliver what jobs have failed to: given up, lost, or written by a process that died."""
    services.deliver_due(since=datetime.fromtimestamp(timestamp, UTC) - LOOK_BACK)


@app.periodic(cron="17 * * * *")
@app.task(name="huakai.audit.seal", queue="events", queueing_lock="audit_seal")
def seal(timestamp: int) -> None:
    """Seal the last hour's events."""
    services.seal(now=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="* * * * *")
@app.task(name="huakai.audit.revive", queue="events", queueing_lock="audit_revive", pass_context=True)
async def revive(context: procrastinate.JobContext, timestamp: int) -> None:
    """Put jobs of a killed worker back in the queue; one whose like waits there already is dropped."""
    jobs = context.app.job_manager
    for job in await jobs.get_stalled_jobs():
        try:
            await jobs.retry_job(job)
        except UniqueViolation:
            await jobs.finish_job(job, status=Status.FAILED, delete_job=True)
