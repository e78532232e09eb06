"""Which acts beside the moves are open to somebody: words, supervision, clocks, links."""

from huakai.cases.definitions import Flow
from huakai.cases.types import ActFacts, Status, Who

STAFF = frozenset({Who.DISPATCHER, Who.HANDLER, Who.CO_HANDLER, Who.FINDER, Who.AREA_STAFF, Who.SUPERVISOR})
RUNNING = frozenset({Status.OPEN, Status.PARKED})
REOPENS = 3
"""So often a case opens again."""


def acts_open(flow: Flow, facts: ActFacts) -> tuple[str, ...]:
    """Codes of the acts in the order a desk shows them."""
    found = [*_words(facts), *_clocks(flow, facts), *_beside(facts), *_links(flow, facts)]
    return tuple(found)


def _words(facts: ActFacts) -> list[str]:
    found = ["note"] if facts.who & STAFF else []
    if facts.status in RUNNING and facts.who & {Who.DISPATCHER, Who.HANDLER}:
        found.append("consult")
    return found


def _clocks(flow: Flow, facts: ActFacts) -> list[str]:
    if facts.status != Status.OPEN:
        return []
    found = []
    pause, extension = flow.pause, flow.extension
    if pause is not None:
        if facts.is_paused:
            found += ["resume"] if facts.who & {*pause.ask, *pause.allow} else []
        elif facts.who & set(pause.ask) and "pause" not in facts.asked:
            found.append("pause")
    may_extend = extension is not None and bool(facts.who & set(extension.ask))
    if may_extend and facts.has_due and "extend" not in facts.asked:
        found.append("extend")
    return found


def _beside(facts: ActFacts) -> list[str]:
    if facts.status not in RUNNING or not facts.has_unit:
        return []
    supervises = Who.SUPERVISOR in facts.who
    found = ["supervise"] if supervises and "supervise" not in facts.standing else []
    if (supervises or facts.may_account) and "account" not in facts.standing:
        found.append("account")
    return found


def _links(flow: Flow, facts: ActFacts) -> list[str]:
    dispatches = Who.DISPATCHER in facts.who
    if facts.status == Status.MERGED:
        return ["unmerge"] if dispatches else []
    if facts.status in RUNNING and dispatches:
        return ["merge", "split"] if facts.is_restricted else ["merge", "split", "group"]
    if facts.status == Status.CLOSED and flow.rating is not None and flow.rating.recheck:
        may = facts.who & {Who.REQUESTER, Who.OPENER, Who.DISPATCHER, Who.SUPERVISOR}
        return ["reopen"] if may and facts.reopened < REOPENS else []
    return []
