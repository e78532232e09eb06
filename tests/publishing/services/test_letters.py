"""Letters: written once per event, in order, for who wants them; given up ones retried or skipped."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from huakai.audit import queries as audit
from huakai.audit.types import Subject
from huakai.cases import queries as cases
from huakai.kernel.errors import NotFound, RuleBroken
from huakai.publishing import queries, rules, services
from huakai.publishing.models import Letter, Peer
from huakai.publishing.services import letters
from huakai.publishing.types import LetterState
from huakai.registry.types import Actor
from tests.cast import OTHER_STREET, STREET
from tests.factories.cases import move, open_one
from tests.factories.publishing import CITY, add_peer

Who = Callable[[str], Actor]


@pytest.fixture
def admin(actor: Who) -> Actor:
    return actor("admin")


def _die(letter_id: UUID) -> None:
    Letter.objects.filter(pk=letter_id).update(state=LetterState.DEAD, tries=10, next_try_at=None)


def _names(peer: UUID) -> list[str]:
    return list(Letter.objects.filter(peer_id=peer).order_by("seq").values_list("event_name", flat=True))


def test_what_happened_before_a_peer_was_added_is_not_told(actor: Who, admin: Actor, now: datetime) -> None:
    open_one(actor("resident"), now, key="before")
    peer, _ = add_peer(admin, now)
    case = open_one(actor("resident"), now, key="after")
    assert services.gather_letters(now=now) == 1
    letter = Letter.objects.get(peer_id=peer)
    assert (letter.subject_id, letter.seq, letter.state) == (str(case), 1, "waiting")
    assert letter.payload["data"]["id"] == str(case)
    assert services.gather_letters(now=now) == 0


def test_letters_hold_no_personal_data_and_no_text(actor: Who, admin: Actor, now: datetime) -> None:
    add_peer(admin, now, replace(CITY, events=rules.EVENTS))
    case = open_one(actor("resident"), now, detail="王秀英家的电扇坏了，请打 19900000001")
    move(case, "claim", actor("volunteer"), now)
    move(case, "finish", actor("volunteer"), now, result="王秀英满意", minutes=30)
    assert services.gather_letters(now=now) >= 3
    everything = str(list(Letter.objects.values_list("payload", flat=True)))
    for secret in ("王秀英", "19900000001", "电扇", "3栋", "满意", str(actor("resident").person_id)):
        assert secret not in everything


def test_a_peer_hears_only_of_its_events_and_its_area(actor: Who, admin: Actor, now: datetime) -> None:
    mine, _ = add_peer(admin, now, replace(CITY, area_code=STREET, events=("case.closed",)))
    beside, _ = add_peer(admin, now, replace(CITY, area_code=OTHER_STREET))
    case = open_one(actor("resident"), now)
    move(case, "claim", actor("volunteer"), now)
    move(case, "finish", actor("volunteer"), now, result="修好了", minutes=30)
    services.gather_letters(now=now)
    assert _names(mine) == ["case.closed"]
    assert _names(beside) == []


def test_a_case_of_a_closed_kind_is_passed_over(
    actor: Who, admin: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_peer(admin, now)
    open_one(actor("resident"), now)
    told = cases.told_cases
    monkeypatch.setattr(
        cases,
        "told_cases",
        lambda ids: {k: replace(v, restricted=True) for k, v in told(ids).items()},
    )
    assert services.gather_letters(now=now) == 0
    assert Peer.objects.get().seen_seq == audit.newest_seq()


def test_a_paused_peer_gets_what_it_missed_when_it_is_resumed(
    actor: Who, admin: Actor, now: datetime
) -> None:
    peer, _ = add_peer(admin, now)
    services.pause_peer(peer_id=peer, reason="检修", by=admin, now=now)
    open_one(actor("resident"), now, key="1")
    assert services.gather_letters(now=now) == 0
    services.resume_peer(peer_id=peer, by=admin, now=now)
    open_one(actor("resident"), now, key="2")
    assert services.gather_letters(now=now) == 2


def test_a_full_backlog_leaves_the_rest_in_the_record(
    actor: Who, admin: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(letters, "BACKLOG", 2)
    monkeypatch.setattr(letters, "WINDOW", 3)
    add_peer(admin, now)
    opened = [str(open_one(actor("resident"), now, key=str(n))) for n in range(5)]
    for _ in range(2):
        services.gather_letters(now=now)
        assert Letter.objects.filter(state="waiting").count() == 2
        Letter.objects.filter(state="waiting").update(state="sent", sent_at=now, next_try_at=None)
    services.gather_letters(now=now)
    assert list(Letter.objects.order_by("seq").values_list("subject_id", flat=True)) == opened
    assert list(Letter.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3, 4, 5]


def test_an_event_is_queued_once_even_if_the_cursor_went_back(
    actor: Who, admin: Actor, now: datetime
) -> None:
    add_peer(admin, now)
    open_one(actor("resident"), now)
    services.gather_letters(now=now)
    Peer.objects.update(seen_seq=0)
    with pytest.raises(IntegrityError, match="letter_once_per_event"), transaction.atomic():
        services.gather_letters(now=now)


def test_without_peers_following_the_record_costs_one_query(
    db: None, now: datetime, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(1):
        services.gather_letters(now=now)


def _jobs() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT queueing_lock FROM procrastinate_jobs WHERE task_name = 'huakai.publishing.send'"
        )
        return [lock for (lock,) in cursor.fetchall()]


def test_a_sender_is_woken_once_per_peer_and_only_when_the_head_is_due(
    actor: Who, admin: Actor, now: datetime
) -> None:
    peer, _ = add_peer(admin, now)
    open_one(actor("resident"), now)
    for _ in range(2):
        services.gather_letters(now=now)
    assert _jobs() == [f"webhook:{peer}"]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = 'huakai.publishing.send'")
    Letter.objects.update(state="failed", tries=1, next_try_at=now + timedelta(minutes=1))
    services.gather_letters(now=now)
    assert _jobs() == []
    services.gather_letters(now=now + timedelta(minutes=1))
    assert len(_jobs()) == 1


def test_dead_letters_are_tried_again_one_or_all_and_that_is_recorded(admin: Actor, now: datetime) -> None:
    peer, _ = add_peer(admin, now)
    first, second = (services.send_test(peer_id=peer, by=admin, now=now) for _ in range(2))
    with pytest.raises(RuleBroken, match="不在未送达之列"):
        services.retry_letter(peer_id=peer, letter_id=first, by=admin, now=now)
    _die(first)
    _die(second)
    assert queries.peer_row(admin, peer).dead == 2
    services.retry_letter(peer_id=peer, letter_id=first, by=admin, now=now)
    assert [row.id for row in queries.letter_page(admin, peer, state="dead").rows] == [second]
    assert services.retry_dead(peer_id=peer, by=admin, now=now) == 1
    assert services.retry_dead(peer_id=peer, by=admin, now=now) == 0
    assert set(Letter.objects.values_list("state", "tries")) == {("waiting", 0)}
    recorded = [e.after for e in audit.history(Subject("peer", str(peer))) if e.name == "webhook.retried"]
    assert recorded == [{"letters": 1, "first_seq": 1}, {"letters": 1, "first_seq": 2}]


def test_a_letter_is_skipped_with_a_reason_and_for_good(admin: Actor, now: datetime) -> None:
    peer, _ = add_peer(admin, now)
    letter = services.send_test(peer_id=peer, by=admin, now=now)
    with pytest.raises(RuleBroken, match="为什么跳过"):
        services.skip_letter(peer_id=peer, letter_id=letter, reason=" ", by=admin, now=now)
    services.skip_letter(peer_id=peer, letter_id=letter, reason="对方已知", by=admin, now=now)
    with pytest.raises(RuleBroken, match="已经送达或已跳过"):
        services.skip_letter(peer_id=peer, letter_id=letter, reason="再来", by=admin, now=now)
    assert queries.letter_page(admin, peer).rows[0].skip_reason == "对方已知"
    assert audit.history(Subject("peer", str(peer)))[-1].name == "webhook.skipped"


def test_a_letter_of_another_peer_is_not_found(admin: Actor, now: datetime) -> None:
    peer, other = add_peer(admin, now)[0], add_peer(admin, now)[0]
    letter = services.send_test(peer_id=other, by=admin, now=now)
    _die(letter)
    with pytest.raises(NotFound):
        services.retry_letter(peer_id=peer, letter_id=letter, by=admin, now=now)
    with pytest.raises(NotFound):
        services.skip_letter(peer_id=peer, letter_id=letter, reason="x", by=admin, now=now)


def test_letters_are_paged_by_seq(admin: Actor, now: datetime) -> None:
    peer, _ = add_peer(admin, now)
    for _ in range(5):
        services.send_test(peer_id=peer, by=admin, now=now)
    first = queries.letter_page(admin, peer, limit=3)
    assert [row.seq for row in first.rows] == [5, 4, 3]
    rest = queries.letter_page(admin, peer, before=first.next_before, limit=3)
    assert ([row.seq for row in rest.rows], rest.next_before) == ([2, 1], None)
