"""Proposals on PostgreSQL: made by events, explained in words, confirmed with one call."""

from collections.abc import Callable
from datetime import datetime

import pytest

from huakai.audit import services as audit
from huakai.cases import queries as cases
from huakai.cases.types import Taker, TakerKind
from huakai.kernel.errors import NotAllowed, RuleBroken
from huakai.matching import queries, services
from huakai.matching.models import Round
from huakai.registry.types import Actor
from tests.cast import Cast
from tests.factories.cases import move, open_one

Who = Callable[[str], Actor]


def test_an_opened_order_gets_ranked_takers_with_reasons(cast: Cast, actor: Who, now: datetime) -> None:
    case_id = open_one(actor("resident"), now)
    assert not queries.proposals(case_id).ready
    audit.deliver_pending()
    found = queries.proposals(case_id)
    assert {line.taker_id for line in found.lines} >= {cast["volunteer"].person_id, cast.team_id}
    assert found.lines[0].rank == 1
    assert any("还能接" in reason for reason in found.lines[0].reasons)
    audit.deliver_pending()
    assert Round.objects.filter(case_id=case_id).count() == 1


def test_nobody_with_the_skill_is_said_in_words(actor: Who, cast: Cast, now: datetime) -> None:
    case_id = open_one(actor("resident"), now, service="legal_advice")
    audit.deliver_pending()
    found = queries.proposals(case_id)
    assert found.ready
    assert not found.lines
    assert "没有登记这项技能" in found.nobody


def test_a_confirmed_proposal_is_an_offer(cast: Cast, actor: Who, now: datetime) -> None:
    case_id = open_one(actor("resident"), now)
    taker = Taker(TakerKind.PERSON, cast["volunteer"].person_id)
    with pytest.raises(RuleBroken):
        services.confirm_proposal(case_id=case_id, taker=taker, by=actor("neighbour_staff"), now=now)
    ref = services.confirm_proposal(case_id=case_id, taker=taker, by=actor("street_staff"), now=now)
    assert ref.stage == "offered"


def test_after_a_decline_the_next_round_leaves_the_decliner_out(
    cast: Cast, actor: Who, now: datetime
) -> None:
    case_id = open_one(actor("resident"), now)
    audit.deliver_pending()
    taker = Taker(TakerKind.PERSON, cast["volunteer"].person_id)
    services.confirm_proposal(case_id=case_id, taker=taker, by=actor("street_staff"), now=now)
    move(case_id, "decline", actor("volunteer"), now, reason="出差")
    audit.deliver_pending()
    assert cast["volunteer"].person_id not in {line.taker_id for line in queries.proposals(case_id).lines}


def test_only_a_dispatcher_asks_for_a_new_ranking(actor: Who, cast: Cast, now: datetime) -> None:
    case_id = open_one(actor("resident"), now)
    with pytest.raises(NotAllowed):
        services.refresh(case_id=case_id, by=actor("resident"), now=now)
    assert services.refresh(case_id=case_id, by=actor("street_staff"), now=now)
    assert cases.dispatch_facts(case_id) is not None
