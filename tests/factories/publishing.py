"""Peers and letters for tests, and a carrier that goes nowhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from huakai.publishing import services
from huakai.publishing.types import Answer, NewPeer, Target
from huakai.registry.types import Actor
from tests.cast import DISTRICT

CITY = NewPeer("市 12345 平台", "https://city.example/hooks", DISTRICT, ("case.opened", "case.closed"))
TAKEN, BROKEN = Answer(status=204), Answer(status=500)


@dataclass(frozen=True)
class Posted:
    """One try, as the peer would have seen it."""

    target: Target
    body: bytes
    headers: Mapping[str, str]
    private_allowed: bool


@dataclass
class FakeCarrier:
    """Notes every try and answers from a list; its last answer counts from then on."""

    answers: list[Answer] = field(default_factory=lambda: [TAKEN])
    posted: list[Posted] = field(default_factory=list)

    def post(
        self, target: Target, *, body: bytes, headers: Mapping[str, str], private_allowed: bool
    ) -> Answer:
        self.posted.append(Posted(target, body, headers, private_allowed))
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def add_peer(by: Actor, now: datetime, new: NewPeer = CITY) -> tuple[UUID, str]:
    """A peer and its secret."""
    return services.add_peer(new=new, pack_code="shizhong", by=by, now=now)
