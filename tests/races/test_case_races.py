"""Two connections at once: one acceptance wins, one key is one case, one offer a person."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection

from huakai.cases import queries, services
from huakai.cases.models import Assignment, Case
from huakai.cases.types import Arrival, MoveInput, Taker, TakerKind
from huakai.kernel.errors import RuleBroken
from huakai.ledger import queries as ledger
from huakai.ledger.types import Owner, OwnerKind
from huakai.registry.types import Actor
from tests.cast import Cast
from tests.factories.cases import move, open_one, order

pytestmark = pytest.mark.django_db(transaction=True)
Who = Callable[[str], Actor]


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run the acts in threads released together, each on its own connection; results or refusals."""
    gate = threading.Barrier(len(acts))
    results: list[object] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        gate.wait()
        try:
            results[place] = act()
        except RuleBroken as refused:
            results[place] = refused.code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n, act)) for n, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return results


def test_two_volunteers_claim_and_the_first_wins(cast: Cast, actor: Who, now: datetime) -> None:
    case_id = open_one(actor("resident"), now)

    def claim(role: str) -> Callable[[], object]:
        by = actor(role)
        return lambda: move(case_id, "claim", by, now).stage

    results = at_once(claim("volunteer"), claim("team_leader"))
    assert sorted(map(str, results)) == ["not_your_move", "serving"] or sorted(map(str, results)) == [
        "move_not_open",
        "serving",
    ]
    assert Assignment.objects.filter(case_id=case_id, state="accepted").count() == 1


def test_a_double_tap_makes_one_case(actor: Who, cast: Cast, now: datetime) -> None:
    by = actor("resident")

    def tap() -> UUID:
        return services.open_case(order=order("same"), by=by, now=now).id

    first, second = at_once(tap, tap)
    assert first == second
    assert Case.objects.count() == 1


def test_the_last_visit_of_a_time_goes_to_one_of_two(actor: Who, cast: Cast, now: datetime) -> None:
    slot = now + timedelta(hours=30)
    for key in ("a", "b"):
        open_one(actor("neighbour"), now, key, wanted_at=slot)
    first, second = actor("resident"), actor("volunteer")
    results = at_once(
        lambda: services.open_case(order=order(wanted_at=slot), by=first, now=now).created,
        lambda: services.open_case(order=order(wanted_at=slot), by=second, now=now).created,
    )
    assert sorted(map(str, results)) == ["True", "visit_full"]
    assert Case.objects.filter(wanted_at=slot).count() == 3


def test_a_double_tap_on_the_last_visit_finds_its_own_case(actor: Who, cast: Cast, now: datetime) -> None:
    slot = now + timedelta(hours=30)
    for key in ("a", "b"):
        open_one(actor("neighbour"), now, key, wanted_at=slot)
    by = actor("resident")

    def tap() -> UUID:
        return services.open_case(order=order("same", wanted_at=slot), by=by, now=now).id

    first, second = at_once(tap, tap)
    assert first == second


def test_finishing_twice_credits_once(actor: Who, cast: Cast, now: datetime) -> None:
    case_id = open_one(actor("resident"), now)
    by = actor("volunteer")
    move(case_id, "claim", by, now)
    given = MoveInput(result="好了", minutes=60)

    def finish() -> str:
        return services.move_case(case_id=case_id, move="finish", given=given, by=by, now=now).stage

    results = at_once(finish, finish)
    assert sorted(map(str, results)) == ["closed", "move_not_open"]
    assert ledger.balance(Owner(OwnerKind.PERSON, cast["volunteer"].person_id)).minutes == 60


def test_an_acceptance_and_a_withdrawal_cannot_both_happen(actor: Who, cast: Cast, now: datetime) -> None:
    case_id = open_one(actor("resident"), now)
    desk, volunteer = actor("street_staff"), actor("volunteer")
    move(case_id, "offer", desk, now, taker=Taker(TakerKind.PERSON, cast["volunteer"].person_id))
    results = at_once(
        lambda: move(case_id, "accept", volunteer, now).stage,
        lambda: move(case_id, "withdraw", desk, now, reason="另派").stage,
    )
    stage = queries.card(desk, case_id, now=now).row.stage
    assert stage in {"serving", "ordered"}
    assert stage in results
    assert len([r for r in results if r in {"move_not_open", "offer_gone", "not_your_move"}]) == 1


def test_the_same_file_from_two_desks_at_once_opens_its_cases_once(
    actor: Who, cast: Cast, now: datetime
) -> None:
    rows = [Arrival(order(f"workbook:{n}"), now, "钱七", f"1990000{n:04d}") for n in range(100, 120)]
    first, second = actor("centre_staff"), actor("street_staff")
    results = at_once(
        lambda: services.open_arrivals(arrivals=rows, by=first, now=now).created,
        lambda: services.open_arrivals(arrivals=rows, by=second, now=now).created,
    )
    assert sorted(map(str, results)) == ["0", "20"]
    assert Case.objects.count() == 20
