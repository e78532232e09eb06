"""The words of the demo: accounts to sign in with, what happens to a case, what the load did."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

Progress = Callable[[str, int, int], None]
"""(what is being done, done so far, of how many)"""


@dataclass(frozen=True)
class DemoAccount:
    """A way to sign in to the demo; without a password, by telephone and the code shown on the page."""

    role: str
    name: str
    sign_in: str
    password: str
    page: str


@dataclass(frozen=True)
class DemoScreen:
    """A wall of the demo and its address below the platform's own."""

    label: str
    page: str


@dataclass(frozen=True)
class DemoReport:
    """What a load did; nothing when the demo stood already."""

    steps: tuple[str, ...]
    cases: int
    moves: int


class Verb(StrEnum):
    """What somebody does with a case while the month is played."""

    OFFER = "offer"
    ACCEPT = "accept"
    DECLINE = "decline"
    LAPSE = "lapse"
    HAND_BACK = "hand_back"
    CANCEL = "cancel"
    FINISH = "finish"
    RATE = "rate"
    ASSIGN = "assign"
    TAKE_UP = "take_up"
    ANSWER = "answer"
    RETURN = "return"
    HANDLE = "handle"


@dataclass(frozen=True)
class Deed:
    """One thing done at one moment."""

    at: datetime
    verb: Verb
