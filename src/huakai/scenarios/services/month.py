"""Plays the month: deeds in the order of time through the engines' front doors, one transaction per day."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from huakai.audit import queries as audit
from huakai.audit.types import Event, EventFilter
from huakai.cases import queries as cases
from huakai.cases import services as case_services
from huakai.cases.types import MoveInput, Taker, TakerKind
from huakai.kernel.clock import CHINA
from huakai.kernel.errors import RuleBroken
from huakai.matching import queries as matching
from huakai.matching import services as matching_services
from huakai.matching.types import ProposalLine
from huakai.registry.types import Actor
from huakai.scenarios import rules
from huakai.scenarios.definitions import Script
from huakai.scenarios.services import cast
from huakai.scenarios.types import Deed, Verb


@dataclass
class Played:
    """A case while it is played."""

    id: UUID
    requester: UUID
    category: str
    service: str
    chance: random.Random
    taker: Taker | None = None
    stuck: bool = False


Pair = tuple[Deed, Played]


@dataclass
class Month:
    """Every deed of the month in order, and what has to be remembered between them."""

    script: Script
    people: cast.Cast
    menu: cases.Menu
    seed: str
    deeds: list[Pair] = field(default_factory=list)
    moves: int = 0

    def days(self) -> Iterator[tuple[date, list[Pair]]]:
        """Deeds by calendar day."""
        self.deeds.sort(key=lambda pair: (pair[0].at, str(pair[1].id)))
        for day, pairs in groupby(self.deeds, key=lambda pair: pair[0].at.astimezone(CHINA).date()):
            yield day, list(pairs)


def plan(month: Month, until: datetime) -> int:
    """Decide what becomes of every case that was opened; returns how many there are."""
    events = list(_opened())
    for event in events:
        chance = random.Random(f"{month.seed}:{event.after['number']}")  # noqa: S311 - a play, not a secret
        played = Played(
            id=UUID(event.subject.id),
            requester=UUID(event.after["requester"]),
            category=event.after["category"],
            service=event.after["service"],
            chance=chance,
        )
        kind = month.menu.flows[event.after["flow"]].kind
        month.deeds += [(deed, played) for deed in rules.deeds_of(kind, event.at, until, chance)]
    return len(events)


def _opened() -> Iterator[Event]:
    before: int | None = None
    while True:
        page = audit.events_page(EventFilter(name="case.opened"), before=before, limit=200)
        yield from page.events
        if page.next_before is None:
            return
        before = page.next_before


def perform(month: Month, deed: Deed, played: Played) -> None:
    """Do it; when the engine refuses, the case stays where it is from then on, as it would in life."""
    if played.stuck:
        return
    try:
        _DEEDS[deed.verb](month, played, deed.at)
        month.moves += 1
    except RuleBroken:
        played.stuck = True


def _move(played: Played, move: str, given: MoveInput, by: Actor, now: datetime) -> None:
    case_services.move_case(case_id=played.id, move=move, given=given, by=by, now=now)


def _offer(month: Month, played: Played, now: datetime) -> None:
    matching_services.refresh(case_id=played.id, by=month.people.dispatcher, now=now)
    lines = matching.proposals(played.id).lines
    if not lines:
        played.stuck = True
        return
    line = _choice(month, lines, played.chance)
    played.taker = Taker(TakerKind(line.taker_kind), line.taker_id)
    matching_services.confirm_proposal(
        case_id=played.id, taker=played.taker, by=month.people.dispatcher, now=now
    )


def _choice(month: Month, lines: tuple[ProposalLine, ...], chance: random.Random) -> ProposalLine:
    """Mostly the first; those whose accounts the demo shows get work when they are proposed."""
    for line in lines:
        if line.taker_id in month.people.favourites:
            return line
    return lines[0] if chance.random() < 0.8 else chance.choice(lines)


def _taker(played: Played) -> Actor:
    if played.taker is None:
        raise RuleBroken("nobody", "")
    return cast.taker(played.taker.kind, played.taker.id)


def _accept(month: Month, played: Played, now: datetime) -> None:
    _move(played, "accept", MoveInput(), _taker(played), now)


def _decline(month: Month, played: Played, now: datetime) -> None:
    reason = played.chance.choice(month.script.words.declines)
    _move(played, "decline", MoveInput(reason=reason), _taker(played), now)


def _lapse(month: Month, played: Played, now: datetime) -> None:
    case_services.expire_offers(now=now)


def _hand_back(month: Month, played: Played, now: datetime) -> None:
    reason = played.chance.choice(month.script.words.hand_backs)
    _move(played, "hand_back", MoveInput(reason=reason), _taker(played), now)


def _cancel(month: Month, played: Played, now: datetime) -> None:
    reason = played.chance.choice(month.script.words.cancels)
    _move(played, "cancel", MoveInput(reason=reason), cast.resident(played.requester), now)


def _finish(month: Month, played: Played, now: datetime) -> None:
    service = month.menu.services[played.service]
    minutes = rules.minutes_of(service.planned_minutes, service.max_minutes, played.chance)
    result = played.chance.choice(month.script.words.results)
    _move(played, "finish", MoveInput(result=result, minutes=minutes), _taker(played), now)


def _rate(month: Month, played: Played, now: datetime) -> None:
    stars = rules.stars_of(played.chance)
    comment = played.chance.choice(month.script.words.comments[str(stars)])
    by = cast.resident(played.requester)
    case_services.rate_case(case_id=played.id, stars=stars, comment=comment, by=by, now=now)


def _assign(month: Month, played: Played, now: datetime) -> None:
    unit = unit_for(month.script, month.menu, played.category)
    _move(played, "assign", MoveInput(unit_code=unit), month.people.dispatcher, now)


def _handler(month: Month, played: Played) -> Actor:
    return month.people.handler(unit_for(month.script, month.menu, played.category))


def _take_up(month: Month, played: Played, now: datetime) -> None:
    _move(played, "accept", MoveInput(), _handler(month, played), now)


def _answer(month: Month, played: Played, now: datetime) -> None:
    result = played.chance.choice(month.script.words.answers)
    _move(played, "answer", MoveInput(result=result), _handler(month, played), now)


def _return(month: Month, played: Played, now: datetime) -> None:
    reason = played.chance.choice(month.script.words.returns)
    _move(played, "return", MoveInput(reason=reason), _handler(month, played), now)


def _handle(month: Month, played: Played, now: datetime) -> None:
    result = played.chance.choice(month.script.words.handled)
    _move(played, "finish", MoveInput(result=result), _handler(month, played), now)


def unit_for(script: Script, menu: cases.Menu, category: str) -> str:
    """The unit demands of a category go to: the pack's route, else the script's."""
    found = menu.routes.get(category) or script.routes.get(category)
    return found or script.account("dept_handler").unit


_DEEDS = {
    Verb.OFFER: _offer,
    Verb.ACCEPT: _accept,
    Verb.DECLINE: _decline,
    Verb.LAPSE: _lapse,
    Verb.HAND_BACK: _hand_back,
    Verb.CANCEL: _cancel,
    Verb.FINISH: _finish,
    Verb.RATE: _rate,
    Verb.ASSIGN: _assign,
    Verb.TAKE_UP: _take_up,
    Verb.ANSWER: _answer,
    Verb.RETURN: _return,
    Verb.HANDLE: _handle,
}
