"""Reads of the record: histories, the auditor's pages, what is still owed to handlers, the verification."""

import json
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from huakai.audit.models import AuditEvent
from huakai.audit.types import ChainProblem, Event, EventFilter, EventPage, Handler, Subject, Verification
from huakai.kernel.errors import N_

HANDLERS: dict[str, dict[str, Handler]] = {}
"""event name → handler key → handler; filled through `services.on` while the floors start."""


Names = Callable[[Iterable[UUID]], Mapping[UUID, str]]
NAMES: list[Names] = []
"""How the floor above tells names of actors; the record itself holds ids only."""
SEALED = "audit.sealed"
VERIFIED = "audit.verified"


def handlers_table() -> dict[str, list[str]]:
    """Who listens to what, for the committed snapshot."""
    return {name: sorted(HANDLERS[name]) for name in sorted(HANDLERS)}


def history(subject: Subject) -> list[Event]:
    """Everything that happened to one subject, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(_HISTORY, [subject.kind, subject.id])
        return [
            Event(seq, subject_seq, name, subject, at, actor, json.loads(before), json.loads(after), *rest)
            for seq, subject_seq, name, at, actor, before, after, *rest in cursor.fetchall()
        ]


# Written out: every page of a case asks this.
_HISTORY = """
    SELECT seq, subject_seq, name, at, actor_id, before::text, after::text, edition_id, area_code, request_id
      FROM audit_event WHERE subject_kind = %s AND subject_id = %s ORDER BY subject_seq"""


def history_of(kind: str, ids: Iterable[str]) -> dict[str, list[Event]]:
    """Histories of several subjects of one kind in one query, oldest first."""
    wanted = list(ids)
    found: dict[str, list[Event]] = {each: [] for each in wanted}
    rows = AuditEvent.objects.filter(subject_kind=kind, subject_id__in=wanted)
    for row in rows.order_by("subject_id", "subject_seq"):
        found[row.subject_id].append(event_of(row))
    return found


def events_page(wanted: EventFilter, *, before: int | None = None, limit: int = 50) -> EventPage:
    """One page of the record, newest first, by keyset."""
    rows = AuditEvent.objects.order_by("-seq")
    exact = {
        "subject_kind": wanted.subject_kind or None,
        "subject_id": wanted.subject_id or None,
        "name": wanted.name or None,
        "actor_id": wanted.actor_id,
        "at__gte": wanted.starts_at,
        "at__lt": wanted.ends_at,
        "seq__lt": before,
    }
    rows = rows.filter(**{field: value for field, value in exact.items() if value is not None})
    if "" not in wanted.within:
        mine = Q(area_code="")
        for prefix in wanted.within:
            mine |= Q(area_code__startswith=prefix)
        rows = rows.filter(mine)
    found = [event_of(row) for row in rows[: limit + 1]]
    shown = tuple(found[:limit])
    return EventPage(events=shown, next_before=shown[-1].seq if len(found) > limit else None)


def event_names() -> list[str]:
    """Every event name that stands in the record (a loose index scan: fast on a long table)."""
    query = """
        WITH RECURSIVE names AS (
            (SELECT name FROM audit_event ORDER BY name LIMIT 1)
            UNION ALL
            SELECT (SELECT e.name FROM audit_event e WHERE e.name > names.name ORDER BY e.name LIMIT 1)
            FROM names WHERE names.name IS NOT NULL)
        SELECT name FROM names WHERE name IS NOT NULL"""
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [name for (name,) in cursor.fetchall()]


def event_of(row: AuditEvent) -> Event:
    """The row as the neighbours know it."""
    return Event(
        seq=row.seq,
        subject_seq=row.subject_seq,
        name=row.name,
        subject=Subject(row.subject_kind, row.subject_id),
        at=row.at,
        actor_id=row.actor_id,
        before=row.before,
        after=row.after,
        edition_id=row.edition_id,
        area_code=row.area_code,
        request_id=row.request_id,
    )


@dataclass(frozen=True)
class Owed:
    """An event and the handlers, of those that still exist, which it still owes a call."""

    event: Event
    keys: tuple[str, ...]


# Written out: every delivery asks this, and in a storm there are hundreds waiting.
_OWING = """
    SELECT e.seq, e.subject_seq, e.name, e.subject_kind, e.subject_id, e.at, e.actor_id, e.before::text, e.after::text,
           e.edition_id, e.area_code, e.request_id, owed.keys
      FROM audit_event e {source} CROSS JOIN LATERAL (
           SELECT array_agg(key ORDER BY place) AS keys FROM unnest(e.due) WITH ORDINALITY AS due(key, place)
            WHERE key = ANY(%s) AND NOT EXISTS (
                  SELECT 1 FROM audit_delivery d WHERE d.event_id = e.seq AND d.handler = key)) AS owed
     WHERE e.due <> '{{}}' AND owed.keys IS NOT NULL {where} ORDER BY {order} LIMIT %s"""
_OF_SUBJECT = _OWING.format(
    source="JOIN audit_event last USING (subject_kind, subject_id)",
    where="AND last.seq = %s AND e.seq <= last.seq",
    order="e.subject_seq",
)
_OF_ALL = _OWING.format(source="", where="AND e.at >= %s", order="e.seq")
MOST_OF_SUBJECT = 1000


def undelivered(*, limit: int, since: datetime | None = None) -> list[Owed]:
    """Events that still owe a handler its call, oldest first; `since` keeps the look back short."""
    return _owing(_OF_ALL, since or BEGINNING, limit)


def undelivered_up_to(seq: int) -> list[Owed]:
    """What the event and those of its subject before it still owe, in order."""
    return _owing(_OF_SUBJECT, seq, MOST_OF_SUBJECT)


BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def _owing(query: str, bound: datetime | int, limit: int) -> list[Owed]:
    known = sorted({key for listeners in HANDLERS.values() for key in listeners})
    with connection.cursor() as cursor:
        cursor.execute(query, [known, bound, limit])
        return [_owed(row) for row in cursor.fetchall()]


def _owed(row: tuple[Any, ...]) -> Owed:
    seq, subject_seq, name, kind, subject_id, at, actor, before, after, *rest, keys = row
    told = (json.loads(before), json.loads(after))
    event = Event(seq, subject_seq, name, Subject(kind, subject_id), at, actor, *told, *rest)
    listeners = HANDLERS.get(name, {})
    return Owed(event, tuple(key for key in keys if key in listeners))


def waiting_jobs(task: str, limit: int) -> list[tuple[int, int]]:
    """(job, event) of first tries that nothing holds back: of each subject the eldest, and none under way."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, [task, task, limit])
        return [(job, seq) for job, seq in cursor.fetchall()]


_WAITING = """
    SELECT job.id, (job.args->>'event_seq')::bigint FROM procrastinate_jobs job
     WHERE job.status = 'todo' AND job.task_name = %s AND job.attempts = 0 AND job.scheduled_at IS NULL
       AND job.id IN (SELECT min(id) FROM procrastinate_jobs
                       WHERE task_name = %s AND status IN ('todo', 'doing') GROUP BY lock)
     ORDER BY job.id LIMIT %s"""


Progress = Callable[[int, int], None]

_CHECKS: tuple[tuple[str, str, str], ...] = (
    (
        "row_changed",
        N_("内容与写入时不符"),
        """SELECT e.subject_kind, e.subject_id, e.subject_seq, e.seq FROM audit_event e
            WHERE e.hash IS DISTINCT FROM audit_event_hash(e)""",
    ),
    (
        "row_missing",
        N_("此行之前有记录缺失或被替换"),
        """SELECT subject_kind, subject_id, subject_seq, seq FROM (
               SELECT subject_kind, subject_id, subject_seq, seq, prev_hash,
                      lag(subject_seq, 1, 0::bigint) OVER chain AS seq_before,
                      lag(hash, 1, ''::bytea) OVER chain AS hash_before
                 FROM audit_event
               WINDOW chain AS (PARTITION BY subject_kind, subject_id ORDER BY subject_seq)) AS links
            WHERE subject_seq <> seq_before + 1 OR prev_hash <> hash_before""",
    ),
    (
        "tail_missing",
        N_("末尾的记录缺失：链头指向的记录不存在"),
        """SELECT h.subject_kind, h.subject_id, h.last_seq, 0 FROM audit_head h
            LEFT JOIN audit_event e ON e.subject_kind = h.subject_kind AND e.subject_id = h.subject_id
                  AND e.subject_seq = h.last_seq AND e.hash = h.last_hash
            WHERE e.seq IS NULL""",
    ),
    (
        "head_missing",
        N_("链头缺失或落后于记录"),
        """SELECT e.subject_kind, e.subject_id, e.subject_seq, e.seq FROM audit_event e
            LEFT JOIN audit_head h ON h.subject_kind = e.subject_kind AND h.subject_id = e.subject_id
            WHERE h.last_seq IS NULL OR e.subject_seq > h.last_seq""",
    ),
    (
        "delivered_row_missing",
        N_("投递过的记录缺失"),
        """SELECT '', '', 0, d.event_id FROM audit_delivery d
            LEFT JOIN audit_event e ON e.seq = d.event_id WHERE e.seq IS NULL""",
    ),
    (
        "sealed_range_changed",
        N_("封存区间与封存时不符：其中有整段记录被删除、增加或替换"),
        """SELECT s.subject_kind, s.subject_id, s.subject_seq, s.seq FROM audit_event s,
            LATERAL (SELECT count(*) AS rows,
                            encode(sha256(coalesce(string_agg(e.hash, '' ORDER BY e.seq), '')), 'hex') AS digest
                       FROM audit_event e
                      WHERE e.seq > (s.after->>'from')::bigint AND e.seq <= (s.after->>'to')::bigint) AS now
            WHERE s.name = 'audit.sealed'
              AND (now.rows <> (s.after->>'rows')::bigint OR now.digest <> s.after->>'digest')""",
    ),
)


def verify(progress: Progress | None = None, *, limit: int = 1000) -> list[ChainProblem]:
    """Every changed or missing row, found set-wise in the database; at most `limit` per kind of problem.

    A subject whose events and head are both gone leaves no trace in the chains; it is found when a seal
    (`services.seal`) had already counted its events, or a handler had been given one.
    """
    problems: list[ChainProblem] = []
    for step, (code, message, query) in enumerate(_CHECKS):
        if progress:
            progress(step, len(_CHECKS))
        with connection.cursor() as cursor:
            cursor.execute(f"{query} ORDER BY 1, 2, 3 LIMIT %s", [limit])
            for kind, key, subject_seq, seq in cursor.fetchall():
                problems.append(ChainProblem(code, Subject(kind, key), subject_seq, seq, message))
    if progress:
        progress(len(_CHECKS), len(_CHECKS))
    return problems


def last_verification() -> Verification | None:
    """The last time somebody had the whole record verified from the page."""
    row = AuditEvent.objects.filter(name=VERIFIED).order_by("-seq").first()
    if row is None:
        return None
    return Verification(row.at, row.actor_id, int(row.after["events"]), int(row.after["problems"]))


def actor_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Masked names of the actors, from the floor that knows people (`services.names_from`); {} without one."""
    wanted = set(ids)
    return dict(NAMES[-1](wanted)) if NAMES and wanted else {}


def newest_seq() -> int:
    """Seq of the newest event; 0 for an empty record."""
    row = AuditEvent.objects.order_by("-seq").values_list("seq", flat=True).first()
    return row or 0


def settled_up_to(*, patience: float = 2.0) -> int | None:
    """A seq up to which the record is complete for a reader who looks from now on; for followers with a cursor.

    Seqs are given out before their events commit, so an event may appear below one already read. A writer holds
    its lock on the table from before it is given a seq until it ends: once those who held one after we saw the
    newest seq have ended, nothing below that seq is still to come. Nobody is blocked by the look. None when a
    writer did not end within `patience` seconds: look again later.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(seq), 0) FROM audit_event")
        newest = int(cursor.fetchone()[0])
        writers = _writers(cursor)
        give_up_at = time.monotonic() + patience
        while writers and time.monotonic() < give_up_at:
            time.sleep(0.02)
            writers &= _writers(cursor)
    return None if writers else newest


def _writers(cursor: Any) -> set[str]:
    """Transactions of others that have written events, or are about to, and have not ended."""
    cursor.execute(
        """SELECT virtualtransaction FROM pg_locks
            WHERE locktype = 'relation' AND relation = 'audit_event'::regclass AND mode = 'RowExclusiveLock'
              AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
              AND granted AND pid IS DISTINCT FROM pg_backend_pid()"""
    )
    return {key for (key,) in cursor.fetchall()}


def events_between(*, after: int, up_to: int, names: Collection[str], within: str, limit: int) -> list[Event]:
    """Events of these names about areas under the prefix `within`, oldest first, `after` < seq <= `up_to`."""
    rows = AuditEvent.objects.filter(
        seq__gt=after, seq__lte=up_to, name__in=list(names), area_code__startswith=within
    )
    return [event_of(row) for row in rows.order_by("seq")[:limit]]


def sealed_up_to() -> tuple[int, int]:
    """Seq of the last seal's end, and how many events the record holds beyond it."""
    last = AuditEvent.objects.filter(name=SEALED).order_by("-seq").first()
    end = int(last.after["to"]) if last else 0
    return end, AuditEvent.objects.filter(seq__gt=end).exclude(name=SEALED).count()
