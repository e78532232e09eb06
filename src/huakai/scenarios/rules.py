"""What becomes of each case of the demo's month: pure, from a seeded source of chance handed in."""

import random
from datetime import datetime, timedelta

from huakai.kernel.clock import CHINA
from huakai.scenarios.types import Deed, Verb

ORDER_FATES: tuple[tuple[float, tuple[Verb, ...]], ...] = (
    (0.01, ()),
    (0.035, (Verb.CANCEL,)),
    (0.01, (Verb.OFFER, Verb.LAPSE)),
    (0.03, (Verb.OFFER, Verb.LAPSE, Verb.OFFER, Verb.ACCEPT, Verb.FINISH, Verb.RATE)),
    (0.08, (Verb.OFFER, Verb.DECLINE, Verb.OFFER, Verb.ACCEPT, Verb.FINISH, Verb.RATE)),
    (0.01, (Verb.OFFER, Verb.ACCEPT)),
    (0.02, (Verb.OFFER, Verb.ACCEPT, Verb.HAND_BACK, Verb.OFFER, Verb.ACCEPT, Verb.FINISH)),
    (0.52, (Verb.OFFER, Verb.ACCEPT, Verb.FINISH, Verb.RATE)),
    (0.24, (Verb.OFFER, Verb.ACCEPT, Verb.FINISH)),
)
DEMAND_FATES: tuple[tuple[float, tuple[Verb, ...]], ...] = (
    (0.01, ()),
    (0.02, (Verb.CANCEL,)),
    (0.01, (Verb.ASSIGN,)),
    (0.015, (Verb.ASSIGN, Verb.TAKE_UP)),
    (0.015, (Verb.ASSIGN, Verb.TAKE_UP, Verb.ANSWER)),
    (0.05, (Verb.ASSIGN, Verb.RETURN, Verb.ASSIGN, Verb.TAKE_UP, Verb.HANDLE)),
    (0.34, (Verb.ASSIGN, Verb.TAKE_UP, Verb.HANDLE)),
    (0.45, (Verb.ASSIGN, Verb.TAKE_UP, Verb.ANSWER, Verb.HANDLE, Verb.RATE)),
)
WAITS: dict[Verb, tuple[int, int]] = {
    Verb.OFFER: (10, 150),
    Verb.ACCEPT: (4, 70),
    Verb.DECLINE: (5, 60),
    Verb.LAPSE: (60 * 24 * 4, 60 * 24 * 5),
    Verb.HAND_BACK: (60, 300),
    Verb.CANCEL: (20, 240),
    Verb.FINISH: (60 * 3, 60 * 40),
    Verb.RATE: (30, 60 * 30),
    Verb.ASSIGN: (10, 200),
    Verb.TAKE_UP: (20, 240),
    Verb.ANSWER: (60, 60 * 8),
    Verb.RETURN: (30, 200),
    Verb.HANDLE: (60 * 6, 60 * 100),
}
"""Shortest and longest wait in minutes before each deed."""
FRESH = timedelta(hours=20)
"""What came in this recently is mostly still on its way."""
STARS = (5, 4, 3, 2, 1)
STAR_WEIGHTS = (70, 20, 7, 2, 1)


def deeds_of(flow_kind: str, opened_at: datetime, until: datetime, chance: random.Random) -> tuple[Deed, ...]:
    """The deeds on one case in order; what would happen after `until` has not happened yet."""
    fates = ORDER_FATES if flow_kind == "order" else DEMAND_FATES
    verbs = chance.choices([verbs for _, verbs in fates], [weight for weight, _ in fates])[0]
    if until - opened_at < FRESH:
        verbs = verbs[: chance.randint(0, 2)]
    deeds: list[Deed] = []
    at = opened_at
    for verb in verbs:
        shortest, longest = WAITS[verb]
        at = awake(at + timedelta(minutes=chance.randint(shortest, longest)), chance)
        if at > until:
            break
        deeds.append(Deed(at, verb))
    return tuple(deeds)


def awake(at: datetime, chance: random.Random) -> datetime:
    """The same moment, or the next morning when people sleep."""
    local = at.astimezone(CHINA)
    if 8 <= local.hour < 21:
        return at
    morning = local.replace(hour=8, minute=10, second=0, microsecond=0)
    if local.hour >= 21:
        morning += timedelta(days=1)
    return (morning + timedelta(minutes=chance.randint(0, 90))).astimezone(at.tzinfo)


def days_to_shift(last: datetime, now: datetime) -> int:
    """By how many whole days the month moves so that its last entry lies within the day before `now`."""
    return (now - last).days


def minutes_of(planned: int, most: int, chance: random.Random) -> int:
    """Minutes a visit took: around the plan, in fives, within what the service allows."""
    minutes = round(planned * chance.uniform(0.7, 1.25) / 5) * 5
    return min(max(minutes, 5), most)


def stars_of(chance: random.Random) -> int:
    """How a resident judges."""
    return chance.choices(STARS, STAR_WEIGHTS)[0]
