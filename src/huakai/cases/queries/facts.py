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
    tests = {
        Who.REQUESTER: own and case.requester_id == person,
        Who.OPENER: own and case.opened_by_id == person,
        Who.DISPATCHER: rules_over(case, actor, "case.dispatch"),
        Who.HANDLER: works_on(case, actor, "case.move", case.lead_unit_code),
        Who.CO_HANDLER: any(works_on(case, actor, "case.move", part.unit_code) for part in parts),
        Who.FINDER: (own and case.opened_by_id == person)
        or (_found_it(case, actor) and works_on(case, actor, "case.move", case.found_by_code)),
        Who.AREA_STAFF: rules_over(case, actor, "case.move"),
        Who.SUPERVISOR: rules_over(case, actor, "case.supervise"),
        Who.OFFEREE: offer_of(standing, actor) is not None,
        Who.TAKER: own and (case.taker_person_id == person or case.taker_team_id in actor.led_team_ids),
        Who.VOLUNTEER: actor.is_volunteer and case.requester_id != person,
    }
    return {hat for hat, worn in tests.items() if worn}


def _found_it(case: Case, actor: Actor) -> bool:
    """Is the actor of the group that found it? Whoever moves cases in the whole place is not: the group checks."""
    return any(
        case.found_by_code.startswith(prefix) and (prefix == case.found_by_code or not prefix.isdigit())
        for prefix in actor.prefixes("case.move")
    )


def rules_over(case: Case, actor: Actor, action: str) -> bool:
    """Does a right over the area reach this case? A restricted one only together with `case.restricted` there."""
    shown = not case.restricted or actor.may("case.restricted", case.area_code)
    return shown and actor.may(action, case.area_code)


def works_on(case: Case, actor: Actor, action: str, unit_code: str) -> bool:
    """Does the actor act for a unit that has to do with the case?

    In a restricted one that is whoever stands at the unit itself: the district above it has many people.
    """
    if not unit_code or not actor.may(action, unit_code):
        return False
    at_it = unit_code in actor.prefixes(action)
    return not case.restricted or at_it or actor.may("case.restricted", unit_code)


def offer_of(standing: Iterable[Assignment], actor: Actor) -> Assignment | None:
    """The standing offer this actor may answer: their own, or one to a team they lead."""
    for offer in standing:
        if offer.person_id is not None and offer.person_id == actor.person_id:
            return offer
        if offer.team_id is not None and offer.team_id in actor.led_team_ids:
            return offer
    return None


def parts_of(case: Case, chain: Iterable[Assignment], actor: Actor) -> list[Assignment]:
    """Standing parts of units the actor moves cases for."""
    mine = (o for o in chain if o.is_part and o.state in STANDING)
    return [part for part in mine if works_on(case, actor, "case.move", part.unit_code)]


def ordered_by(case: Case, actor: Actor) -> bool:
    """Is the actor the one who ordered: for themselves, or on their own phone for somebody else? Staff are not."""
    if actor.person_id is None:
        return False
    for_another = case.opened_by_id == actor.person_id and case.channel == PHONE
    return for_another or case.requester_id == actor.person_id
