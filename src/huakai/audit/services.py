"""Writes of the record: one fact is one INSERT; events reach handlers at least once, in order per subject."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from huakai.audit import queries
from huakai.audit.models import AuditEvent
from huakai.audit.types import ChainProblem, DeliveryRun, Event, Fact, Handler, Subject

DELIVER_TASK = "huakai.audit.deliver"
SEALS = Subject("audit", "seals")
VERIFICATIONS = Subject("audit", "verifications")

log = structlog.get_logger(__name__)


def on(name: str, handler: Handler, *, key: str) -> None:
    """Let `handler` react to the event `name`; called at the end of a floor's `handlers` module.

    `key` is stored with every event: never rename it.
    """
    listeners = queries.HANDLERS.setdefault(name, {})
    if key in listeners and listeners[key] is not handler:
        raise ValueError(f"{name} has two handlers called {key}")
    listeners[key] = handler


def names_from(names: queries.Names) -> None:
    """Let the floor that knows people name actors on the auditor's page (masked)."""
    queries.NAMES[:] = [names]


def record(fact: Fact) -> None:
    """Write what happened, in the caller's transaction. One INSERT; the trigger chains it.

    When someone listens, one delivery job is queued in the same transaction; its lock is the subject, so a
    subject's events are handled one after the other.
    """
    values = _values(fact)
    with connection.cursor() as cursor:
        if _listeners(fact):
            cursor.execute(_RECORD_AND_QUEUE, [*values, *_job(fact)])
        else:
            cursor.execute(_RECORD, values)


def record_with(
    insert: str, params: Sequence[Any], fact: Fact, *, beside: str = "", beside_params: Sequence[Any] = ()
) -> tuple[Any, ...] | None:
    """Insert a row and record it in one statement: one way to the database, and both stand or neither.

    `beside` is a further insert that selects from `written`, the first one's RETURNING.

    `insert` ends with RETURNING; what it returns is added to what the fact tells and is given back. None, and
    nothing is recorded, when it inserts nothing (ON CONFLICT DO NOTHING).
    """
    statement, more = (_INSERT_RECORD_AND_QUEUE, _job(fact)) if _listeners(fact) else (_INSERT_AND_RECORD, [])
    with connection.cursor() as cursor:
        if beside:
            insert = f"{insert}), beside AS ({beside}"
        values = [*params, *beside_params, *_values(fact), *more]
        cursor.execute(statement.replace("{insert}", insert), values)
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def _listeners(fact: Fact) -> list[str]:
    return sorted(queries.HANDLERS.get(fact.name, ()))


def _values(fact: Fact) -> list[Any]:
    return [
        fact.subject.kind,
        fact.subject.id,
        fact.name,
        fact.at,
        fact.actor_id,
        _json(fact.before),
        _json(fact.after),
        fact.edition_id,
        fact.area_code,
        fact.request_id,
        _listeners(fact),
    ]


def _job(fact: Fact) -> list[str]:
    return [DELIVER_TASK, f"{fact.subject.kind}:{fact.subject.id}"]


# Written out: every write of the platform ends with one of these.
_INTO = """
    INSERT INTO audit_event (subject_kind, subject_id, name, at, actor_id, before, after, edition_id, area_code,
                             request_id, due, subject_seq, prev_hash, hash)"""
_RECORD = f"""{_INTO}
    VALUES (%s, %s, %s, %s, %s, %s::jsonb, %s::jsonb, %s, %s, %s, %s::varchar[], 0, '', '')"""
_DEFER = """procrastinate_defer_jobs_v1(ARRAY[
        ROW ('events', %s, 0, %s, NULL, jsonb_build_object('event_seq', seq), NULL)::procrastinate_job_to_defer_v1])"""
_RECORD_AND_QUEUE = f"WITH recorded AS ({_RECORD} RETURNING seq) SELECT {_DEFER} FROM recorded"  # noqa: S608
_INSERT_AND_RECORD = f"""
    WITH written AS ({{insert}}), recorded AS ({_INTO}
    SELECT %s, %s, %s, %s, %s, %s::jsonb, %s::jsonb || to_jsonb(written), %s, %s, %s, %s::varchar[], 0, '', ''
      FROM written RETURNING seq)
    SELECT written.* FROM written, recorded"""  # noqa: S608 - all parts stand here
_INSERT_RECORD_AND_QUEUE = _INSERT_AND_RECORD.replace("written.* FROM", f"written.*, {_DEFER} FROM")


def record_all(facts: Sequence[Fact]) -> None:
    """Write many facts of one name in one statement, in their order, as if each had been recorded alone."""
    if not facts:
        return
    name = facts[0].name
    assert all(fact.name == name for fact in facts)
    due = sorted(queries.HANDLERS.get(name, ()))
    values: list[Any] = [
        [fact.subject.kind for fact in facts],
        [fact.subject.id for fact in facts],
        [fact.at for fact in facts],
        [fact.actor_id for fact in facts],
        [_json(fact.before) for fact in facts],
        [_json(fact.after) for fact in facts],
        [fact.edition_id for fact in facts],
        [fact.area_code for fact in facts],
        [fact.request_id for fact in facts],
    ]
    with connection.cursor() as cursor:
        if due:
            cursor.execute(_RECORD_ALL_AND_QUEUE, [name, due, *values, DELIVER_TASK])
        else:
            cursor.execute(_RECORD_ALL, [name, due, *values])


_RECORD_ALL = """
    INSERT INTO audit_event (name, due, subject_kind, subject_id, at, actor_id, before, after, edition_id, area_code,
                             request_id, subject_seq, prev_hash, hash)
    SELECT %s, %s::varchar[], kind, id, at, actor, before::jsonb, after::jsonb, edition, area, request, 0, '', ''
      FROM unnest(%s::text[], %s::text[], %s::timestamptz[], %s::uuid[], %s::text[], %s::text[], %s::uuid[], %s::text[],
                  %s::text[]) WITH ORDINALITY AS f (kind, id, at, actor, before, after, edition, area, request, place)
     ORDER BY place"""
_RECORD_ALL_AND_QUEUE = f"""
    WITH recorded AS ({_RECORD_ALL} RETURNING seq, subject_kind, subject_id)
    SELECT cardinality(procrastinate_defer_jobs_v1(array_agg(
        ROW ('events', %s, 0, subject_kind || ':' || subject_id, NULL, jsonb_build_object('event_seq', seq), NULL)
        ::procrastinate_job_to_defer_v1 ORDER BY seq)))
      FROM recorded"""  # noqa: S608 - both parts stand here


def _json(values: Mapping[str, Any]) -> str:
    return json.dumps(values, cls=DjangoJSONEncoder, ensure_ascii=False) if values else "{}"


def deliver_event(seq: int) -> int:
    """Deliver the event and what its subject still owes before it; raises the first failure, for the retry."""
    run = _deliver_in_order(queries.undelivered_up_to(seq))
    if run.failures:
        raise run.failures[0][2]
    return run.delivered


def deliver_waiting(until: Callable[[], bool], *, at_once: int = 20) -> int:
    """Do the work of delivery jobs that wait, without a way through the queue's own machinery for each; how many.

    A job is taken out of the queue in the transaction of its deliveries: a process that dies leaves both undone, and
    another worker passes by what is taken. At a failure all stops: that job is back in its place, for a worker to take
    it up in the ordinary way, with its retries.
    """
    done, before = 0, -1
    while done > before:
        before = done
        for job, seq in queries.waiting_jobs(DELIVER_TASK, at_once):
            if until():
                return done
            try:
                done += _take(job, seq)
            except Exception as error:  # told in full where the job is tried again
                log.info("batch_stopped", seq=seq, error=repr(error))
                return done
    return done


@transaction.atomic
def _take(job: int, seq: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [job])
        if cursor.rowcount == 0:
            return 0
    deliver_event(seq)
    return 1


_TAKE = """
    DELETE FROM procrastinate_jobs WHERE id = (
        SELECT id FROM procrastinate_jobs WHERE id = %s AND status = 'todo' FOR UPDATE SKIP LOCKED)"""


def deliver_due(limit: int = 500, *, since: datetime | None = None) -> DeliveryRun:
    """Deliver what is still owed, whatever became of the jobs; failures wait for the next round."""
    return _deliver_in_order(queries.undelivered(limit=limit, since=since))


def deliver_pending() -> int:
    """Deliver until nothing is owed, events recorded by handlers included; raises the first failure.

    For tests and for commands that want the reactions done before they return.
    """
    total = 0
    while True:
        run = deliver_due()
        if run.failures:
            raise run.failures[0][2]
        if not run.delivered:
            return total
        total += run.delivered


def _deliver_in_order(owing: list[queries.Owed]) -> DeliveryRun:
    """Run the handlers; after a failure the rest of that subject's events wait."""
    delivered = 0
    failures: list[tuple[int, str, Exception]] = []
    waiting: set[Subject] = set()
    for owed in owing:
        event = owed.event
        if event.subject in waiting:
            continue
        for key in owed.keys:
            try:
                delivered += _deliver_once(event, key)
            except Exception as error:  # any handler failure is retried later, not lost
                log.warning("delivery_failed", seq=event.seq, handler=key, error=repr(error))
                failures.append((event.seq, key, error))
                waiting.add(event.subject)
    return DeliveryRun(delivered, tuple(failures))


@transaction.atomic
def _deliver_once(event: Event, key: str) -> int:
    """Handler and delivery row in one transaction: the effect and its receipt commit together.

    The receipt goes first: a second worker on the same event waits for our commit and then has nothing to do.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_delivery (event_id, handler) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            [event.seq, key],
        )
        if cursor.rowcount == 0:
            return 0
    queries.HANDLERS[event.name][key](event)
    return 1


def verify(*, by: UUID | None, now: datetime) -> list[ChainProblem]:
    """Verify the whole record and record that it was done, with the outcome."""
    problems = queries.verify()
    after = {"events": AuditEvent.objects.count(), "problems": len(problems)}
    record(Fact(name=queries.VERIFIED, subject=VERIFICATIONS, at=now, actor_id=by, after=after))
    return problems


def seal(*, now: datetime) -> bool:
    """Record count and digest of all events since the last seal, so that a wholly deleted subject is noticed.

    The table lock waits until no writer is under way: what stands below the horizon then stands for good.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '2s'")  # behind a long writer: give up, the next hour seals
        cursor.execute("LOCK TABLE audit_event IN SHARE MODE")
        cursor.execute("SELECT coalesce(max(seq), 0) FROM audit_event")
        horizon = cursor.fetchone()[0]
    with transaction.atomic(), connection.cursor() as cursor:
        start, unsealed = queries.sealed_up_to()
        if not unsealed or horizon <= start:
            return False
        cursor.execute(
            """SELECT count(*), encode(sha256(coalesce(string_agg(hash, '' ORDER BY seq), '')), 'hex')
                 FROM audit_event WHERE seq > %s AND seq <= %s""",
            [start, horizon],
        )
        rows, digest = cursor.fetchone()
        after = {"from": start, "to": horizon, "rows": rows, "digest": digest}
        record(Fact(name=queries.SEALED, subject=SEALS, at=now, after=after))
    return True
