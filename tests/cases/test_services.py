"""Writes of the case engine on PostgreSQL: the loop, its refusals, its constraints."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from huakai.audit import queries as audit
from huakai.audit.types import Subject
from huakai.cases import queries, services
from huakai.cases.models import Assignment, Case, Rating
from huakai.cases.types import Answer, CaseFilter, MoveInput, Served, Taker, TakerKind
from huakai.kernel.errors import NotAllowed, NotFound, RuleBroken
from huakai.ledger import queries as ledger
from huakai.ledger.types import Owner, OwnerKind
from huakai.registry.types import Actor
from tests.cast import COMMUNITY, DEPARTMENT, OTHER_COMMUNITY, STREET, Cast
from tests.factories.cases import move, open_one, order

Who = Callable[[str], Actor]


def taker_of(cast: Cast, role: str) -> Taker:
    return Taker(TakerKind.PERSON, cast[role].person_id)


def offered(cast: Cast, actor: Who, now: datetime, to: str = "volunteer") -> UUID:
    case_id = open_one(actor("resident"), now)
    move(case_id, "offer", actor("street_staff"), now, taker=taker_of(cast, to))
    return case_id


def closed(cast: Cast, actor: Who, now: datetime, minutes: int = 50) -> UUID:
    case_id = offered(cast, actor, now)
    move(case_id, "accept", actor("volunteer"), now)
    move(case_id, "finish", actor("volunteer"), now, result="修好了", minutes=minutes)
    return case_id


def test_the_whole_loop_credits_once_and_counts(cast: Cast, actor: Who, now: datetime) -> None:
    case_id = closed(cast, actor, now)
    services.rate_case(case_id=case_id, stars=5, comment="好", by=actor("resident"), now=now)
    case = Case.objects.get(pk=case_id)
    assert (case.status, case.minutes_served, case.stars) == ("closed", 50, 5)
    held = ledger.balance(Owner(OwnerKind.PERSON, cast["volunteer"].person_id))
    assert (held.minutes, held.points) == (50, 8)  # 50 min at 10 points an hour, the rest dropped
    names = [e.name for e in audit.history(Subject("case", str(case_id)))]
    assert names == ["case.opened", "case.offered", "case.accepted", "case.closed", "case.rated"]


def test_the_same_key_is_the_same_case(actor: Who, now: datetime) -> None:
    first = services.open_case(order=order("tap"), by=actor("resident"), now=now)
    again = services.open_case(order=order("tap"), by=actor("resident"), now=now)
    other = services.open_case(order=order("tap"), by=actor("neighbour"), now=now)
    assert (first.created, again.created, other.created) == (True, False, True)
    assert first.id == again.id != other.id


def test_a_retry_returns_the_first_case_though_the_wish_would_be_refused_by_now(
    actor: Who, now: datetime
) -> None:
    first = open_one(actor("resident"), now, key="tap")
    assert open_one(actor("resident"), now, key="tap", service="moon_trip") == first
    assert [e.name for e in audit.history(Subject("case", str(first)))] == ["case.opened"]


def test_the_record_of_an_opening_tells_the_number(actor: Who, now: datetime) -> None:
    ref = services.open_case(order=order("tap"), by=actor("resident"), now=now)
    (opened,) = audit.history(Subject("case", str(ref.id)))
    case = Case.objects.get(pk=ref.id)
    assert opened.after["number"] == ref.number == case.number
    assert (case.lead_unit_code, case.photo_count, case.stars) == ("", 0, None)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"area_code": "370402999999"}, "area_unknown"),
        ({"service": "moon_trip"}, "service_unknown"),
        ({"service": "", "category": "nothing"}, "category_unknown"),
        ({"service": "", "category": "road", "detail": " "}, "detail_missing"),
        ({"detail": "长" * 2001}, "too_long"),
        ({"key": ""}, "key_missing"),
    ],
)
def test_bad_orders_are_refused_and_leave_nothing(
    changes: dict[str, Any], code: str, actor: Who, now: datetime
) -> None:
    with pytest.raises(RuleBroken) as refused:
        open_one(actor("resident"), now, **changes)
    assert refused.value.code == code
    assert not Case.objects.exists()


def test_staff_open_for_others_only_in_their_area(cast: Cast, actor: Who, now: datetime) -> None:
    for_other: dict[str, Any] = {"channel": "desk", "requester_id": cast["neighbour"].person_id}
    with pytest.raises(NotAllowed):
        open_one(actor("station_staff"), now, area_code=OTHER_COMMUNITY, **for_other)
    assert open_one(actor("station_staff"), now, **for_other)


def test_a_declined_order_goes_back_and_is_never_offered_there_again(
    cast: Cast, actor: Who, now: datetime
) -> None:
    case_id = offered(cast, actor, now)
    with pytest.raises(RuleBroken, match="原因"):
        move(case_id, "decline", actor("volunteer"), now)
    assert move(case_id, "decline", actor("volunteer"), now, reason="出差").stage == "ordered"
    with pytest.raises(RuleBroken) as refused:
        move(case_id, "offer", actor("street_staff"), now, taker=taker_of(cast, "volunteer"))
    assert refused.value.code == "asked_already"


def test_an_unanswered_offer_lapses_after_its_term(cast: Cast, actor: Who, now: datetime) -> None:
    case_id = offered(cast, actor, now)
    lease = Assignment.objects.get(case_id=case_id).lease_until
    assert lease is not None
    assert services.expire_offers(now=lease - timedelta(seconds=1)) == 0
    assert services.expire_offers(now=lease) == 1
    assert services.expire_offers(now=lease) == 0
    case = Case.objects.get(pk=case_id)
    assert (case.stage, Assignment.objects.get(case=case).state) == ("ordered", Answer.EXPIRED)


def test_a_neighbour_and_a_stranger_cannot_move_it(cast: Cast, actor: Who, now: datetime) -> None:
    case_id = offered(cast, actor, now)
    for role in ("neighbour_staff", "stranger", "team_leader"):
        with pytest.raises(RuleBroken):
            move(case_id, "accept", actor(role), now)
    with pytest.raises(NotFound):
        queries.card(actor("stranger"), case_id, now=now)


def test_claiming_needs_the_skill_and_not_ones_own_order(actor: Who, now: datetime) -> None:
    legal = open_one(actor("resident"), now, service="legal_advice")
    with pytest.raises(RuleBroken, match="技能"):
        move(legal, "claim", actor("volunteer"), now)
    own = open_one(actor("volunteer"), now)
    with pytest.raises(RuleBroken):
        move(own, "claim", actor("volunteer"), now)
    repair = open_one(actor("resident"), now, "k2")
    assert move(repair, "claim", actor("volunteer"), now).stage == "serving"


def test_a_team_takes_an_order_and_its_participants_are_credited(
    cast: Cast, actor: Who, now: datetime
) -> None:
    case_id = open_one(actor("resident"), now)
    move(case_id, "offer", actor("street_staff"), now, taker=Taker(TakerKind.TEAM, cast.team_id))
    move(case_id, "accept", actor("team_leader"), now)
    served = tuple(
        Served(cast[role].person_id, minutes) for role, minutes in (("team_leader", 30), ("volunteer", 40))
    )
    move(case_id, "finish", actor("team_leader"), now, result="修好了", minutes=40, served=served)
    minutes = [ledger.balance(Owner(OwnerKind.PERSON, s.person_id)).minutes for s in served]
    assert minutes == [30, 40]


def test_a_demand_goes_to_a_department_and_back(actor: Who, now: datetime) -> None:
    case_id = open_one(actor("resident"), now, service="", category="road", detail="路面有坑")
    dispatcher, handler = actor("centre_staff"), actor("dept_handler")
    move(case_id, "assign", dispatcher, now, unit_code=DEPARTMENT)
    assert queries.card(handler, case_id, now=now).row.stage == "assigned"
    assert move(case_id, "return", handler, now, reason="不归我们").stage == "collected"
    with pytest.raises(RuleBroken, match="退回过"):
        move(case_id, "assign", dispatcher, now, unit_code=DEPARTMENT)
    move(case_id, "assign", dispatcher, now, unit_code=STREET)
    street = actor("street_staff")
    move(case_id, "accept", street, now)
    assert move(case_id, "finish", street, now, result="已补平").stage == "closed"
    assert Case.objects.get(pk=case_id).first_answer_at == now


def test_silence_is_not_a_rating_and_nobody_rates_twice(cast: Cast, actor: Who, now: datetime) -> None:
    case_id = closed(cast, actor, now)
    assert queries.card(actor("resident"), case_id, now=now).combined_score is None
    services.rate_case(case_id=case_id, stars=4, comment="", by=actor("resident"), now=now)
    services.rate_case(case_id=case_id, stars=4, comment="", by=actor("resident"), now=now)
    with pytest.raises(RuleBroken, match="评过"):
        services.rate_case(case_id=case_id, stars=1, comment="", by=actor("resident"), now=now)
    with pytest.raises(NotAllowed):
        services.rate_case(case_id=case_id, stars=1, comment="", by=actor("neighbour"), now=now)
    assert Rating.objects.count() == 1


def test_the_time_to_rate_ends(cast: Cast, actor: Who, now: datetime) -> None:
    case_id = closed(cast, actor, now)
    late = now + timedelta(days=15, seconds=1)
    with pytest.raises(RuleBroken, match="15天"):
        services.rate_case(case_id=case_id, stars=5, comment="", by=actor("resident"), now=late)


def test_contact_is_clear_only_for_who_serves_and_every_look_is_recorded(
    cast: Cast, actor: Who, now: datetime
) -> None:
    case_id = offered(cast, actor, now)
    with pytest.raises(NotAllowed):
        services.reveal_contact(case_id=case_id, by=actor("volunteer"), now=now)
    move(case_id, "accept", actor("volunteer"), now)
    contact = services.reveal_contact(case_id=case_id, by=actor("volunteer"), now=now)
    assert (contact.name, contact.phone, contact.address) == ("王秀英", "19900000001", "3栋2单元401")
    assert audit.history(Subject("case", str(case_id)))[-1].name == "case.contact_seen"


def test_a_retried_move_with_the_same_key_changes_nothing(cast: Cast, actor: Who, now: datetime) -> None:
    case_id = offered(cast, actor, now)
    accept = {"case_id": case_id, "move": "accept", "given": MoveInput(), "by": actor("volunteer")}
    first = services.move_case(**accept, now=now, client_key="tap")  # type: ignore[arg-type]
    again = services.move_case(**accept, now=now, client_key="tap")  # type: ignore[arg-type]
    assert (first.created, again.created) == (True, False)


def _break(**changes: object) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.update(**changes)


def test_the_table_itself_refuses_impossible_cases(cast: Cast, actor: Who, now: datetime) -> None:
    case_id = closed(cast, actor, now)
    _break(status="gone")
    _break(closed_at=None)
    _break(taker_team_id=cast.team_id)
    _break(lead_unit_code="370402D01")
    _break(stars=6)
    accepted = Assignment(id=uuid4(), case_id=case_id, kind="person", state="accepted", offered_at=now)
    accepted.person_id, accepted.answered_at = cast["volunteer"].person_id, now
    accepted.save(force_insert=True)
    twin = Assignment(id=uuid4(), case_id=case_id, kind="team", state="accepted", offered_at=now)
    twin.team_id, twin.answered_at = cast.team_id, now
    for bad in (twin, Assignment(id=uuid4(), case_id=case_id, kind="unit", state="offered", offered_at=now)):
        with pytest.raises(IntegrityError), transaction.atomic():
            bad.save(force_insert=True)


def test_lists_follow_the_area_and_the_number(cast: Cast, actor: Who, now: datetime) -> None:
    here = services.open_case(order=order("a"), by=actor("resident"), now=now)
    there = services.open_case(order=order("b", area_code=OTHER_COMMUNITY), by=actor("neighbour"), now=now)
    seen = {
        role: {r.id for r in queries.case_list(actor(role), CaseFilter(), now=now).rows} for role in VIEWERS
    }
    assert seen["street_staff"] == {here.id}
    assert seen["neighbour_staff"] == {there.id}
    assert seen["centre_staff"] == {here.id, there.id}
    assert seen["resident"] == {here.id}
    assert seen["stranger"] == set()
    found = queries.case_list(actor("centre_staff"), CaseFilter(search=str(there.number)), now=now).rows
    assert [r.area_code for r in found] == [OTHER_COMMUNITY]


VIEWERS = ("street_staff", "neighbour_staff", "centre_staff", "resident", "stranger")


@pytest.mark.parametrize("order_by", ["newest", "due"])
def test_pages_forward_and_backward_show_every_case_once(order_by: str, actor: Who, now: datetime) -> None:
    made = [open_one(actor("resident"), now + timedelta(minutes=n), f"k{n}") for n in range(7)]
    desk, wanted = actor("centre_staff"), CaseFilter(order=order_by)
    first = queries.case_list(desk, wanted, now=now, limit=3)
    second = queries.case_list(desk, wanted, now=now, limit=3, cursor=first.next_cursor or "")
    last = queries.case_list(desk, wanted, now=now, limit=1, cursor="last")
    seen = [r.id for page in (first, second, last) for r in page.rows]
    assert seen == (made if order_by == "due" else made[::-1])
    back = queries.case_list(desk, wanted, now=now, limit=3, cursor=second.prev_cursor or "")
    assert back.rows == first.rows
    assert (first.prev_cursor, last.next_cursor) == (None, None)


def test_panel_numbers_equal_their_lists(cast: Cast, actor: Who, now: datetime) -> None:
    closed(cast, actor, now)
    open_one(actor("resident"), now, "k2", service="", category="road", detail="坑", area_code="370402")
    desk = actor("centre_staff")
    for by in ("area", "category", "caller", "flow", "channel", "tag"):
        panel = queries.panel(desk, CaseFilter(), by=by, now=now)
        assert (panel.total.collected, panel.total.closed, panel.total.open) == (2, 1, 1)
        assert sum(row.collected for row in panel.rows) == 2
    for by, name in (("category", "category"), ("area", "area")):
        for row in queries.panel(desk, CaseFilter(), by=by, now=now).rows:
            slice_of: dict[str, Any] = {name: row.key}
            listed = queries.case_list(desk, CaseFilter(**slice_of), now=now).rows
            assert len(listed) == row.collected


def test_live_counts_are_counted_from_records(cast: Cast, actor: Who, now: datetime) -> None:
    closed(cast, actor, now)
    counts = queries.live_counts("370402", now=now)
    assert counts.values["collected"] == counts.values["closed"] == counts.values["today"] == 1
    assert counts.values["minutes"] == 50
    assert counts.values["volunteers"] == 2
    assert COMMUNITY.startswith("370402")
