"""Is this installation well? Each finding says what is wrong and what to do."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from huakai.config.env import Env
from huakai.kernel.clock import CHINA
from huakai.packs import queries as packs

OLDEST_VERSION = 150000
HEARTBEAT_LIMIT = timedelta(seconds=30)
QUEUE_LIMIT = timedelta(minutes=10)
SKEW_LIMIT = timedelta(seconds=2)
FREE_LIMIT = 1024**3
KEY_FILES = ("field.key", "secret.key")


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `advice` is what to do when it is not well."""

    name: str
    well: bool
    text: str
    advice: str = ""


@dataclass(frozen=True)
class Patient:
    env: Env
    now: datetime


def examine(patient: Patient) -> Iterator[Finding]:
    """Everything; the later questions need the tables."""
    yield from (key_files(patient), free_disk(patient), database_version(patient), clock(patient))
    tables = migrations(patient)
    yield tables
    if tables.well:
        yield from (look(patient) for look in ON_TABLES)


def key_files(patient: Patient) -> Finding:
    """Keys that others may read are no keys."""
    open_files = [
        str(path)
        for path in (patient.env.home / name for name in KEY_FILES)
        if path.exists() and path.stat().st_mode & 0o077
    ]
    if open_files:
        names = " ".join(open_files)
        return Finding("keys", False, f"other users may read {names}", f"run: chmod 600 {names}")
    return Finding("keys", True, "only their owner may read them")


def free_disk(patient: Patient) -> Finding:
    free = shutil.disk_usage(patient.env.home).free
    text = f"{free / 1024**3:.1f} GiB free under {patient.env.home}"
    return Finding("disk", free >= FREE_LIMIT, text, "make room: at least 1 GiB is needed")


def database_version(patient: Patient) -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int, current_setting('server_version')")
        number, name = cursor.fetchone()
    return Finding(
        "database", number >= OLDEST_VERSION, f"PostgreSQL {name}", "version 15 or newer is needed"
    )


def clock(patient: Patient) -> Finding:
    """Deadlines compare times of both machines."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        skew = abs(cursor.fetchone()[0] - patient.now)
    text = f"database and this machine are {skew.total_seconds():.1f} s apart"
    return Finding("clock", skew <= SKEW_LIMIT, text, "let both machines follow a time server")


def migrations(patient: Patient) -> Finding:
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if waiting:
        return Finding("tables", False, f"{waiting} migrations are not applied", "run: ./huakai migrate")
    return Finding("tables", True, "up to date")


def worker(patient: Patient) -> Finding:
    """A worker writes its heartbeat every few seconds."""
    last = (
        ProcrastinateWorker.objects.order_by("-last_heartbeat")
        .values_list("last_heartbeat", flat=True)
        .first()
    )
    advice = "start one: ./huakai worker"
    if last is None:
        return Finding("worker", False, "none is running", advice)
    silence = max(patient.now - last, timedelta(0))
    text = f"last heartbeat {silence.total_seconds():.0f} s ago"
    return Finding("worker", silence <= HEARTBEAT_LIMIT, text, advice)


def queue(patient: Patient) -> Finding:
    late = ProcrastinateJob.objects.filter(status="todo", attempts=0, scheduled_at=None).count()
    failed = ProcrastinateJob.objects.filter(status="failed").count()
    overdue = ProcrastinateJob.objects.filter(
        status="todo", scheduled_at__lt=patient.now - QUEUE_LIMIT
    ).count()
    text = f"{late} jobs waiting, {overdue} overdue, {failed} given up"
    return Finding("queue", not overdue, text, "start a worker, or more of them: ./huakai worker --jobs 8")


def published(patient: Patient) -> Finding:
    """Every pack in the folder has an edition, and the newest one is what the files say."""
    waiting = [code for code in _pack_codes() if packs.diff(code, settings.PACKS_ROOT)]
    if waiting:
        names = " ".join(waiting)
        return Finding(
            "packs", False, f"the files of {names} are not published", "run: ./huakai packs publish"
        )
    return Finding("packs", True, "published as the files have them")


def calendar(patient: Patient) -> Finding:
    """Deadlines reach into the year that is published for; the next one is announced each November."""
    today = patient.now.astimezone(CHINA).date()
    wanted = {today.year, today.year + 1} if today.month == 12 else {today.year}
    missing: set[int] = set()
    for _, code in packs.published_places():
        missing |= wanted - set(packs.work_calendar(packs.current(code)).years)
    if missing:
        years = ", ".join(str(year) for year in sorted(missing))
        advice = "add packs/base/calendar/<year>.yaml and publish; until then deadlines are estimates"
        return Finding("calendar", False, f"holidays of {years} are not known", advice)
    return Finding(
        "calendar", True, f"holidays of {', '.join(str(year) for year in sorted(wanted))} are known"
    )


def _pack_codes() -> list[str]:
    return sorted(folder.parent.name for folder in settings.PACKS_ROOT.glob("*/pack.yaml"))


ON_TABLES: tuple[Callable[[Patient], Finding], ...] = (worker, queue, published, calendar)
