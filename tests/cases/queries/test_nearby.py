"""What a volunteer finds nearby, and what finished orders say of a service."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

from huakai.cases import queries as cases
from huakai.cases import services
from huakai.cases.types import Taker, TakerKind
from huakai.registry import services as registry
from huakai.registry.types import SYSTEM, Actor
from tests.cast import COMMUNITY, DISTRICT, OTHER_COMMUNITY, Cast
from tests.factories.cases import move, open_one

Who = Callable[[str], Actor]


def test_the_nearest_comes_first_and_only_what_one_can_do(cast: Cast, actor: Who, now: datetime) -> None:
    offer = registry.VolunteerOffer(COMMUNITY, skills=("repair",), lon=117.55, lat=34.86)
    registry.register_volunteer(person_id=cast["volunteer"].person_id, offer=offer, by=SYSTEM, now=now)
    open_one(actor("resident"), now, key="nowhere")
    far = open_one(actor("resident"), now, key="far", lon=117.65, lat=34.86)
    near = open_one(actor("resident"), now, key="near", lon=117.551, lat=34.86)
    open_one(actor("resident"), now, key="skill", service="legal_advice")
    open_one(actor("volunteer"), now, key="own")
    open_one(actor("neighbour"), now, key="street", area_code=OTHER_COMMUNITY)

    found = cases.near_orders(actor("volunteer"), area=COMMUNITY, now=now)
    assert [order.row.id for order in found[:2]] == [near, far]
    assert [order.distance_m for order in found][2:] == [None]
    assert found[0].distance_m is not None
    assert 80 < found[0].distance_m < 100
    assert (found[0].planned_minutes, found[0].claim) == (60, "claim")
    assert len(cases.near_orders(actor("volunteer"), area=DISTRICT, now=now)) == 4
    assert cases.near_orders(actor("volunteer"), area="999", now=now) == ()


def test_a_service_is_known_by_its_closed_orders_of_ninety_days(
    cast: Cast, actor: Who, now: datetime
) -> None:
    volunteer = Taker(TakerKind.PERSON, cast["volunteer"].person_id)
    for key, stars in (("a", 5), ("b", 4), ("c", None)):
        case_id = open_one(actor("resident"), now, key=key)
        move(case_id, "offer", actor("street_staff"), now, taker=volunteer)
        move(case_id, "accept", actor("volunteer"), now)
        move(case_id, "finish", actor("volunteer"), now, result="好", minutes=10)
        if stars:
            services.rate_case(case_id=case_id, stars=stars, comment="", by=actor("resident"), now=now)
    open_one(actor("resident"), now, key="open")
    figures = cases.service_figures(DISTRICT, now=now)
    assert figures == {"appliance_repair": cases.ServiceFigure(3, Decimal("4.5"))}
    assert cases.service_figures(DISTRICT, now=now + timedelta(days=91)) == {}
