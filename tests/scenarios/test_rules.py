"""What becomes of a case in the demo's month."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from huakai.kernel.clock import CHINA
from huakai.scenarios import rules
from huakai.scenarios.types import Verb

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=CHINA)


def test_the_same_seed_plays_the_same_deeds() -> None:
    until = MONDAY + timedelta(days=30)
    first = [rules.deeds_of("order", MONDAY, until, random.Random(f"s:{n}")) for n in range(40)]
    again = [rules.deeds_of("order", MONDAY, until, random.Random(f"s:{n}")) for n in range(40)]
    assert first == again


def test_nothing_has_happened_after_now() -> None:
    until = MONDAY + timedelta(hours=3)
    for number in range(200):
        for kind in ("order", "demand"):
            for deed in rules.deeds_of(kind, MONDAY, until, random.Random(number)):
                assert MONDAY < deed.at <= until


def test_every_fate_occurs_and_most_cases_end() -> None:
    until = MONDAY + timedelta(days=30)
    plays = [rules.deeds_of("order", MONDAY, until, random.Random(n)) for n in range(600)]
    verbs = {deed.verb for play in plays for deed in play}
    assert {
        Verb.OFFER,
        Verb.ACCEPT,
        Verb.DECLINE,
        Verb.LAPSE,
        Verb.HAND_BACK,
        Verb.CANCEL,
        Verb.RATE,
    } <= verbs
    finished = sum(1 for play in plays if any(deed.verb is Verb.FINISH for deed in play))
    assert 0.8 < finished / len(plays) < 0.97


@pytest.mark.parametrize("hour", [0, 3, 7, 21, 23])
def test_people_sleep_at_night(hour: int) -> None:
    at = datetime(2026, 3, 2, hour, 30, tzinfo=CHINA)
    woken = rules.awake(at, random.Random(1)).astimezone(CHINA)
    assert woken >= at
    assert 8 <= woken.hour < 21


def test_the_month_moves_by_whole_days_and_ends_within_a_day_before_now() -> None:
    now = datetime(2027, 5, 5, 3, 0, tzinfo=UTC)
    shift = rules.days_to_shift(MONDAY, now)
    assert timedelta(0) <= now - (MONDAY + timedelta(days=shift)) < timedelta(days=1)


def test_minutes_stay_within_what_the_service_allows() -> None:
    minutes = [rules.minutes_of(45, 50, random.Random(n)) for n in range(50)]
    assert all(5 <= m <= 50 and m % 5 == 0 for m in minutes)


def test_most_residents_are_content_but_not_all() -> None:
    stars = [rules.stars_of(random.Random(n)) for n in range(300)]
    assert set(stars) <= {1, 2, 3, 4, 5}
    assert 0.6 < stars.count(5) / 300 < 0.8
