"""The record: one insert per fact, a chain nobody can change, deliveries in order and once."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from huakai.audit import queries, services
from huakai.audit.models import AuditEvent, Delivery
from huakai.audit.types import Event, Fact, Subject
from tests.database import guards_off

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 1, 30, 0, 123456, tzinfo=UTC)
CASE = Subject("case", "7")
OPENED = Fact(name="case.opened", subject=CASE, at=AT, after={"stage": "ordered"}, area_code="370402001")


@pytest.fixture(autouse=True)
def only_our_handlers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "HANDLERS", {})


def _write(*names: str, subject: Subject = CASE) -> None:
    for name in names:
        services.record(replace(OPENED, name=name, subject=subject))


def test_a_fact_nobody_listens_to_is_one_query() -> None:
    with CaptureQueriesContext(connection) as seen:
        services.record(OPENED)
    assert len([q for q in seen.captured_queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE"))]) == 1


def test_a_fact_with_a_listener_queues_one_job_locked_by_its_subject() -> None:
    services.on("case.opened", lambda event: None, key="matching.propose")
    services.record(OPENED)
    with connection.cursor() as cursor:
        cursor.execute("SELECT args->>'event_seq' FROM procrastinate_jobs WHERE lock = 'case:7'")
        jobs = cursor.fetchall()
    (event,) = queries.history(CASE)
    assert jobs == [(str(event.seq),)]


def test_history_gives_back_what_was_written() -> None:
    actor, edition = UUID(int=1), UUID(int=2)
    fact = replace(OPENED, actor_id=actor, edition_id=edition, before={"a": None}, request_id="r1")
    services.record(fact)
    _write("case.moved")
    first, second = queries.history(CASE)
    assert (first.subject_seq, second.subject_seq) == (1, 2)
    assert (first.name, first.at, first.actor_id, first.edition_id) == ("case.opened", AT, actor, edition)
    assert (first.before, first.after, first.request_id) == ({"a": None}, {"stage": "ordered"}, "r1")
    assert [e.name for e in queries.history_of("case", ["7", "8"])["7"]] == ["case.opened", "case.moved"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET name = 'case.closed'",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event CASCADE",
        "UPDATE audit_head SET last_seq = 9",
        "DELETE FROM audit_head",
        "TRUNCATE audit_head",
        "INSERT INTO audit_head VALUES ('case', '9', 1, '')",
        "UPDATE audit_delivery SET handler = 'x'",
        "DELETE FROM audit_delivery",
        "TRUNCATE audit_delivery",
    ],
)
def test_the_tables_refuse_to_change(statement: str) -> None:
    services.on("case.opened", lambda event: None, key="t.k")
    services.record(OPENED)
    services.deliver_pending()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a pending foreign key check would refuse first
        with pytest.raises(IntegrityError, match="refused"), transaction.atomic():
            cursor.execute(statement)


def test_a_badly_named_event_is_refused() -> None:
    with pytest.raises(IntegrityError, match="audit_event_name"), transaction.atomic():
        _write("Opened!")


def _tamper(statement: str) -> None:
    with guards_off(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_verify_is_content_with_an_untouched_record() -> None:
    steps: list[tuple[int, int]] = []
    _write("case.opened", "case.moved", "case.closed")
    assert queries.verify(lambda done, all_: steps.append((done, all_))) == []
    assert steps[-1][0] == steps[-1][1]


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ('UPDATE audit_event SET after = \'{"stage": "closed"}\' WHERE subject_seq = 2', "row_changed"),
        ("UPDATE audit_event SET at = at + interval '1 microsecond' WHERE subject_seq = 2", "row_changed"),
        ("DELETE FROM audit_event WHERE subject_seq = 1", "row_missing"),
        ("DELETE FROM audit_event WHERE subject_seq = 2", "row_missing"),
        ("DELETE FROM audit_event WHERE subject_seq = 3", "tail_missing"),
        ("DELETE FROM audit_event", "tail_missing"),
        ("DELETE FROM audit_head", "head_missing"),
        (
            """UPDATE audit_event e SET name = 'case.forged',
               hash = audit_event_hash(jsonb_populate_record(e, '{"name": "case.forged"}'))
               WHERE subject_seq = 2""",
            "row_missing",
        ),
    ],
    ids=["content", "time", "first", "middle", "tail", "whole subject", "head", "rehashed"],
)
def test_verify_finds_tampering(statement: str, code: str) -> None:
    _write("case.opened", "case.moved", "case.closed")
    _tamper(statement)
    assert code in {problem.code for problem in queries.verify()}


def test_a_seal_finds_a_subject_that_vanished_with_its_head() -> None:
    _write("case.opened", "case.moved")
    assert services.seal(now=AT)
    assert not services.seal(now=AT), "nothing new to seal"
    assert queries.verify() == []
    _tamper(
        "DELETE FROM audit_event WHERE subject_kind = 'case'; DELETE FROM audit_head WHERE subject_kind = 'case'"
    )
    assert {p.code for p in queries.verify()} == {"sealed_range_changed"}


def test_handlers_run_in_the_order_of_the_subject_and_once() -> None:
    seen: list[tuple[str, int]] = []
    for name in ("case.opened", "case.moved"):
        services.on(name, lambda event: seen.append((event.name, event.subject_seq)), key="t.note")
    _write("case.opened", "case.moved", "case.closed")
    assert services.deliver_pending() == 2
    assert services.deliver_pending() == 0
    assert seen == [("case.opened", 1), ("case.moved", 2)]


def test_a_failing_handler_is_retried_and_the_subject_waits() -> None:
    calls: list[str] = []
    broken = [True]

    def flaky(event: Event) -> None:
        services.record(Fact(name="note.made", subject=Subject("note", "1"), at=event.at))
        if broken[0]:
            raise RuntimeError("outside is down")
        calls.append(event.name)

    services.on("case.opened", flaky, key="t.flaky")
    services.on("case.opened", lambda event: calls.append("steady"), key="t.steady")
    services.on("case.moved", lambda event: calls.append(event.name), key="t.later")
    _write("case.opened", "case.moved")
    _write("case.moved", subject=Subject("case", "8"))
    run = services.deliver_due()
    assert (run.delivered, [key for _, key, _ in run.failures]) == (2, ["t.flaky"])
    assert calls == ["steady", "case.moved"], "another subject does not wait"
    assert queries.history(Subject("note", "1")) == [], "effects of the failed call are undone"
    broken[0] = False
    services.deliver_pending()
    assert calls == ["steady", "case.moved", "case.opened", "case.moved"]
    assert len(queries.history(Subject("note", "1"))) == 1
    assert Delivery.objects.count() == 4


def test_one_event_delivers_what_its_subject_still_owes_and_raises_for_the_retry() -> None:
    seen: list[str] = []
    services.on("case.opened", lambda event: seen.append(event.name), key="t.a")
    services.on("case.moved", lambda event: seen.append(event.name), key="t.a")
    _write("case.opened", "case.moved")
    last = AuditEvent.objects.latest("seq")
    assert services.deliver_event(last.seq) == 2
    assert services.deliver_event(last.seq) == 0
    assert seen == ["case.opened", "case.moved"]

    def fails(event: Event) -> None:
        raise RuntimeError("no")

    services.on("case.closed", fails, key="t.b")
    _write("case.closed")
    with pytest.raises(RuntimeError):
        services.deliver_event(AuditEvent.objects.latest("seq").seq)


def test_a_handler_born_later_is_not_called_for_old_events() -> None:
    _write("case.opened")
    services.on("case.opened", _must_not_run, key="t.new")
    assert services.deliver_pending() == 0


def test_two_handlers_may_not_share_a_key() -> None:
    services.on("case.opened", print, key="t.a")
    services.on("case.opened", print, key="t.a")
    with pytest.raises(ValueError, match="two handlers"):
        services.on("case.opened", _must_not_run, key="t.a")
    assert queries.handlers_table() == {"case.opened": ["t.a"]}


def _must_not_run(event: Event) -> None:
    pytest.fail(f"called for {event.name}")


def test_many_facts_are_one_statement_and_stand_as_if_recorded_alone() -> None:
    services.on("case.opened", lambda event: None, key="matching.propose")
    edition = UUID(int=2)
    facts = [
        replace(
            OPENED, subject=Subject("case", str(n)), edition_id=edition if n else None, actor_id=UUID(int=n)
        )
        for n in range(3)
    ]
    with CaptureQueriesContext(connection) as seen:
        services.record_all([*facts, facts[0]])
    assert len(seen.captured_queries) == 1
    first, again = queries.history(Subject("case", "0"))
    (last,) = queries.history(Subject("case", "2"))
    assert (first.subject_seq, again.subject_seq, last.subject_seq) == (1, 2, 1)
    assert first.seq < last.seq < again.seq
    assert (last.at, last.actor_id, last.edition_id) == (AT, UUID(int=2), edition)
    assert (last.before, last.after, last.area_code) == ({}, {"stage": "ordered"}, "370402001")
    assert queries.verify() == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT lock FROM procrastinate_jobs ORDER BY (args->>'event_seq')::bigint")
        assert [row[0] for row in cursor.fetchall()] == ["case:0", "case:1", "case:2", "case:0"]


def test_many_facts_nobody_listens_to_queue_nothing() -> None:
    services.record_all([OPENED])
    services.record_all([])
    assert len(queries.history(CASE)) == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        assert cursor.fetchone() == (0,)
