"""How an actor stands to a case: the facts the rules look at."""

from collections.abc import Iterable

from huakai.cases.models import Assignment, Case
from huakai.cases.types import Answer, CaseFacts, Status, Who
from huakai.registry.types import SYSTEM, Actor

PHONE = "phone_page"
"""The channel of orders residents make themselves."""
STANDING = frozenset({Answer.OFFERED, Answer.ACCEPTED})


def facts_of(case: Case, offers: Iterable[Assignment], actor: Actor) -> CaseFacts:
    """The state of the case and the hats `actor` wears towards it."""
    chain = list(offers)
    standing = [o for o in chain if o.state == Answer.OFFERED and not o.is_part]
    parts = [o for o in chain if o.is_part and o.state in STANDING]
    return CaseFacts(
        stage=case.stage,
        status=Status(case.status),
        caller_kind=case.caller_kind,
        who=frozenset(_hats(case, standing, parts, actor)),
        has_unit=bool(case.lead_unit_code),
        is_taken=case.taker_person_id is not None or case.taker_team_id is not None,
        open_offers=len(standing),
        open_parts=len(parts),
        answers=case.answers,
        is_worker=actor.person_id is not None and case.worked_by == actor.person_id,
    )


def _hats(case: Case, standing: list[Assignment], parts: list[Assignment], actor: Actor) -> set[Who]:
    if actor is SYSTEM:
        return {Who.PLATFORM}
    person = actor.person_id
    own = actor.person_id is not None
    open_here = not case.restricted or actor.may("case.restricted", case.area_code)
    tests = {
        Who.REQUESTER: own and case.requester_id == person,
        Who.OPENER: own and case.opened_by_id == person,
        Who.DISPATCHER: open_here and actor.may("case.dispatch", case.area_code),
        Who.HANDLER: bool(case.lead_unit_code) and actor.may("case.move", case.lead_unit_code),
        Who.CO_HANDLER: bool(parts_of(parts, actor)),
        Who.FINDER: (own and case.opened_by_id == person) or _found_it(case, actor),
        Who.AREA_STAFF: open_here and actor.may("case.move", case.area_code),
        Who.SUPERVISOR: open_here and actor.may("case.supervise", case.area_code),
        Who.OFFEREE: offer_of(standing, actor) is not None,
        Who.TAKER: own and (case.taker_person_id == person or case.taker_team_id in actor.led_team_ids),
        Who.VOLUNTEER: actor.is_volunteer and case.requester_id != person,
    }
    return {hat for hat, worn in tests.items() if worn}


def _found_it(case: Case, actor: Actor) -> bool:
    """Is the actor of the group that found it? Whoever moves cases in the whole place is not: the group checks again."""
    return any(
        case.found_by_code.startswith(prefix) and (prefix == case.found_by_code or not prefix.isdigit())
        for prefix in actor.prefixes("case.move")
    )


def offer_of(standing: Iterable[Assignment], actor: Actor) -> Assignment | None:
    """The standing offer this actor may answer: their own, or one to a team they lead."""
    for offer in standing:
        if offer.person_id is not None and offer.person_id == actor.person_id:
            return offer
        if offer.team_id is not None and offer.team_id in actor.led_team_ids:
            return offer
    return None


def parts_of(chain: Iterable[Assignment], actor: Actor) -> list[Assignment]:
    """Standing parts of units the actor moves cases for."""
    mine = (o for o in chain if o.is_part and o.state in STANDING)
    return [part for part in mine if actor.may("case.move", part.unit_code)]


def ordered_by(case: Case, actor: Actor) -> bool:
    """Is the actor the one who ordered: for themselves, or on their own phone for somebody else? Staff are not."""
    if actor.person_id is None:
        return False
    for_another = case.opened_by_id == actor.person_id and case.channel == PHONE
    return for_another or case.requester_id == actor.person_id
