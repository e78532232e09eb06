"""The queue's worker on Django's tables.

Jobs defer further jobs through Django's own connection, so what they queue commits with what they write; the
worker itself fetches and reports over a connection of its own.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import procrastinate
from django import db
from procrastinate.contrib.django import app as django_app

HEARTBEAT = 5.0  # seconds
STALLED_AFTER = 30.0
GRACE = 6.0


def run(*, jobs: int) -> None:
    """Work until SIGTERM or Ctrl-C."""
    asyncio.run(_work(jobs))


async def _work(jobs: int) -> None:
    own = procrastinate.App(
        connector=django_app.connector.get_worker_connector(),  # type: ignore[attr-defined]
        import_paths=django_app.import_paths,
    )
    own.tasks = django_app.tasks
    own.periodic_registry = django_app.periodic_registry
    async with own.open_async():
        await own.run_worker_async(
            name="huakai",
            concurrency=jobs,
            update_heartbeat_interval=HEARTBEAT,
            stalled_worker_timeout=STALLED_AFTER,
            shutdown_graceful_timeout=GRACE,
            delete_jobs="successful",
            task_middleware=[_with_clean_connections],
        )


def _with_clean_connections(call_next: Callable[[], Any], context: Any, worker: Any) -> Any:
    """A job starts and ends like a request: no connection stays out of the pool, broken ones are dropped."""
    db.close_old_connections()
    try:
        return call_next()
    finally:
        db.close_old_connections()
