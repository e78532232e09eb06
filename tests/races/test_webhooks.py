"""Webhooks under races: no event is skipped, one sender per peer, a killed sender's letter is sent again."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

import pytest
from django.db import connection, transaction

from huakai.audit import queries as audit
from huakai.audit import services as record
from huakai.audit.types import Fact, Subject
from huakai.kernel.clock import FixedClock
from huakai.kernel.errors import RuleBroken
from huakai.publishing import client, queries, services
from huakai.publishing.models import Letter, Peer
from huakai.publishing.types import Answer, Target
from huakai.registry.types import Actor
from tests.cast import COMMUNITY, Cast
from tests.factories.cases import open_one
from tests.factories.publishing import TAKEN, FakeCarrier, add_peer

pytestmark = pytest.mark.django_db(transaction=True)
Who = Callable[[str], Actor]


@contextmanager
def _beside(work: Callable[[], object]) -> Iterator[threading.Thread]:
    """`work` on a connection of its own; its failure fails the test."""
    errors: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    yield thread
    thread.join(30)
    assert errors == []


@contextmanager
def _carried_by(carrier: client.Carrier) -> Iterator[None]:
    client.install(carrier)
    try:
        yield
    finally:
        client.uninstall(carrier)


def _opened(case: UUID, now: datetime) -> Fact:
    return Fact(name="case.opened", subject=Subject("case", str(case)), at=now, area_code=COMMUNITY)


def test_an_event_that_commits_behind_a_later_one_is_not_skipped(
    cast: Cast, actor: Who, now: datetime
) -> None:
    early, late = open_one(actor("resident"), now, key="1"), open_one(actor("resident"), now, key="2")
    peer, _ = add_peer(actor("admin"), now)
    written, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            record.record(_opened(early, now))
            written.set()
            assert go_on.wait(20)

    with _beside(slow):
        assert written.wait(10)
        record.record(_opened(late, now))  # a higher seq, and committed first
        assert audit.settled_up_to(patience=0.1) is None
        assert services.gather_letters(now=now, patience=0.1) == 0
        go_on.set()
    assert services.gather_letters(now=now) == 2
    told = Letter.objects.filter(peer_id=peer).order_by("seq").values_list("subject_id", flat=True)
    assert list(told) == [str(early), str(late)]


def test_a_writer_that_begins_while_we_look_holds_nobody_up(cast: Cast, actor: Who, now: datetime) -> None:
    case = open_one(actor("resident"), now)
    stop = threading.Event()

    def busy() -> None:
        while not stop.is_set():
            record.record(_opened(case, now))

    with _beside(busy), _beside(busy):
        seen = [audit.settled_up_to(patience=5.0) for _ in range(10)]
        stop.set()
    assert None not in seen


def test_a_crowd_of_writers_loses_no_letter(cast: Cast, actor: Who, now: datetime) -> None:
    case = open_one(actor("resident"), now)
    add_peer(actor("admin"), now)
    done = threading.Event()

    def write(count: int) -> None:
        for n in range(count):
            with transaction.atomic():
                record.record(_opened(case, now))
                record.record(Fact(name="other.thing", subject=Subject("x", str(n)), at=now))
                if n % 4 == 3:
                    transaction.set_rollback(True)

    def follow() -> None:
        while not done.is_set():
            services.gather_letters(now=now)

    with _beside(follow):
        with _beside(lambda: write(40)), _beside(lambda: write(40)):
            pass
        done.set()
    services.gather_letters(now=now)
    assert Letter.objects.count() == 60
    assert list(Letter.objects.order_by("seq").values_list("seq", flat=True)) == list(range(1, 61))
    assert list(Letter.objects.order_by("seq").values_list("event_id", flat=True)) == sorted(
        Letter.objects.values_list("event_id", flat=True)
    )


def test_two_gatherers_write_every_letter_once(cast: Cast, actor: Who, now: datetime) -> None:
    add_peer(actor("admin"), now)
    for n in range(6):
        open_one(actor("resident"), now, key=str(n))
    with (
        _beside(lambda: services.gather_letters(now=now)),
        _beside(lambda: services.gather_letters(now=now)),
    ):
        pass
    assert Letter.objects.count() == Peer.objects.get().last_seq == 6


class _Held(FakeCarrier):
    """Keeps a letter on its way until told."""

    def __init__(self) -> None:
        super().__init__([TAKEN])
        self.on_its_way, self.go_on = threading.Event(), threading.Event()

    def post(
        self, target: Target, *, body: bytes, headers: Mapping[str, str], private_allowed: bool
    ) -> Answer:
        self.on_its_way.set()
        assert self.go_on.wait(20)
        return super().post(target, body=body, headers=headers, private_allowed=private_allowed)


def test_two_workers_on_one_peer_send_a_letter_once_and_the_desk_stays_free(
    cast: Cast, actor: Who, clock: FixedClock
) -> None:
    admin = actor("admin")
    peer, _ = add_peer(admin, clock.at)
    letter = services.send_test(peer_id=peer, by=admin, now=clock.at)
    held = _Held()
    with _carried_by(held), _beside(lambda: services.send_letters(peer_id=peer, clock=clock)):
        assert held.on_its_way.wait(10)
        assert services.send_letters(peer_id=peer, clock=clock) == 0
        with pytest.raises(RuleBroken, match="正在推送"):
            services.skip_letter(peer_id=peer, letter_id=letter, reason="x", by=admin, now=clock.at)
        services.send_test(peer_id=peer, by=admin, now=clock.at)
        services.pause_peer(peer_id=peer, reason="检修", by=admin, now=clock.at)
        held.go_on.set()
    assert len(held.posted) == 1
    assert [row.state for row in queries.letter_page(admin, peer).rows] == ["waiting", "sent"]


class _Killed(FakeCarrier):
    """The worker dies after the peer has taken the letter and before that is written down."""

    def post(
        self, target: Target, *, body: bytes, headers: Mapping[str, str], private_allowed: bool
    ) -> Answer:
        super().post(target, body=body, headers=headers, private_allowed=private_allowed)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pid = cursor.fetchone()[0]
        with _beside(lambda: _kill(pid)):
            pass
        return TAKEN


def _kill(pid: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])


def test_a_killed_sender_leaves_a_letter_that_is_sent_again_under_the_same_id(
    cast: Cast, actor: Who, clock: FixedClock
) -> None:
    admin = actor("admin")
    peer, _ = add_peer(admin, clock.at)
    services.send_test(peer_id=peer, by=admin, now=clock.at)
    killed, again = _Killed(), FakeCarrier()

    def dies() -> None:
        with pytest.raises(Exception, match=r"terminat|closed|lost"):
            services.send_letters(peer_id=peer, clock=clock)

    with _carried_by(killed), _beside(dies):
        pass
    assert Letter.objects.get().state == "waiting"
    with _carried_by(again):
        assert services.send_letters(peer_id=peer, clock=clock) == 1
    ids = {posted.headers["webhook-id"] for posted in (*killed.posted, *again.posted)}
    assert (len(killed.posted), len(again.posted), len(ids)) == (1, 1, 1)
