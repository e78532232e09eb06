"""Persons of a file: who is known stays who they are, who is new comes once, with home and record."""

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huakai.audit import queries as audit
from huakai.audit.types import Subject
from huakai.kernel.errors import RuleBroken
from huakai.registry import services
from huakai.registry.models import Person
from huakai.registry.services import Newcomer
from huakai.registry.types import SYSTEM
from tests.cast import COMMUNITY, PARTS, Cast


def test_who_is_known_is_found_and_who_is_new_is_made_once(cast: Cast, now: datetime) -> None:
    people = [
        Newcomer("另一个名字", PARTS["resident"].phone),
        Newcomer("钱七", "19900008001", "大娘", COMMUNITY),
        Newcomer("钱柒", "19900008001"),
        Newcomer("孙八", "19900008002"),
    ]
    found = services.find_or_make_people(people=people, by=SYSTEM, now=now)
    assert found[PARTS["resident"].phone] == cast["resident"].person_id
    new = Person.objects.select_related("home_unit").get(pk=found["19900008001"])
    assert new.home_unit is not None
    assert (new.name_masked, new.home_unit.code, new.is_synthetic) == ("钱大娘", COMMUNITY, True)
    (event,) = audit.history(Subject("person", str(new.pk)))
    assert (event.name, event.area_code) == ("person.registered", COMMUNITY)
    assert services.find_or_make_people(people=people, by=SYSTEM, now=now) == found


def test_the_number_of_queries_does_not_grow_with_the_people(cast: Cast, now: datetime) -> None:
    def queries_for(numbers: range) -> int:
        people = [Newcomer("某人", f"199{n:08d}", home_code=COMMUNITY) for n in numbers]
        with CaptureQueriesContext(connection) as seen:
            services.find_or_make_people(people=people, by=SYSTEM, now=now)
        return len(seen.captured_queries)

    assert queries_for(range(5000, 5002)) == queries_for(range(6000, 6100))


@pytest.mark.parametrize(
    ("newcomer", "code"),
    [(Newcomer("某人", "123"), "phone_wrong"), (Newcomer("某人", "19900008001", "", "999"), "unit_unknown")],
)
def test_a_wrong_phone_or_home_is_refused(newcomer: Newcomer, code: str, cast: Cast, now: datetime) -> None:
    with pytest.raises(RuleBroken) as refused:
        services.find_or_make_people(people=[newcomer], by=SYSTEM, now=now)
    assert refused.value.code == code
