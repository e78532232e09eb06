"""Many cases at once: each stands as if it had come in by the front door, or none does."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huakai.audit import queries as audit
from huakai.audit.types import Subject
from huakai.cases import services
from huakai.cases.models import Case
from huakai.cases.services import bulk_opening, opening
from huakai.cases.types import Arrival, NewOrder
from huakai.kernel.errors import RuleBroken
from huakai.registry.models import Person
from huakai.registry.types import Actor
from tests.cast import OTHER_COMMUNITY, PARTS, Cast
from tests.factories.cases import order

Who = Callable[[str], Actor]
OWN = {"id", "number", "client_key", "address_enc"}


def arrivals(count: int, start: int = 0, **changes: Any) -> list[Arrival]:
    at = datetime.fromisoformat("2026-03-02T09:10:00+08:00")
    return [
        Arrival(order(f"workbook:{n}", **changes), at, "钱七", f"199{n + 10_000:08d}")
        for n in range(start, start + count)
    ]


def test_a_case_of_many_is_the_case_the_front_door_opens(actor: Who, cast: Cast, now: datetime) -> None:
    by, at = actor("street_staff"), datetime.fromisoformat("2026-03-02T09:10:00+08:00")
    asked = order(requester_id=cast["resident"].person_id)
    alone = Case.objects.get(pk=services.open_case(order=asked, by=by, now=at).id)
    many = Arrival(order("k2"), at, PARTS["resident"].name, PARTS["resident"].phone)
    services.open_arrivals(arrivals=[many], by=by, now=now)
    beside = Case.objects.get(client_key="k2")
    names = [f.attname for f in Case._meta.concrete_fields if f.attname not in OWN]
    assert {n: getattr(beside, n) for n in names} == {n: getattr(alone, n) for n in names}
    assert beside.number > alone.number
    (first,), (second,) = (audit.history(Subject("case", str(c.pk))) for c in (alone, beside))
    assert (first.name, first.at, first.edition_id) == (second.name, second.at, second.edition_id)
    assert dict(first.after) | {"number": 0} == dict(second.after) | {"number": 0}


def test_batches_cost_the_same_queries_whatever_they_hold(
    actor: Who, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_opening, "BATCH", 20)
    told: list[int] = []

    def queries_for(rows: list[Arrival]) -> int:
        with CaptureQueriesContext(connection) as seen:
            intake = services.open_arrivals(
                arrivals=rows, by=actor("centre_staff"), now=now, progress=told.append
            )
        assert (intake.created, intake.known) == (len(rows), 0)
        return len(seen.captured_queries)

    few, one_batch, two = (queries_for(arrivals(n, start)) for n, start in ((2, 0), (20, 100), (40, 200)))
    assert few == one_batch
    assert two - one_batch <= 6
    assert told == [2, 20, 20, 40]


def test_what_is_known_is_counted_whoever_brought_it(actor: Who, now: datetime) -> None:
    services.open_arrivals(arrivals=arrivals(2), by=actor("centre_staff"), now=now)
    people = Person.objects.count()
    again = services.open_arrivals(arrivals=arrivals(3), by=actor("street_staff"), now=now, dry_run=True)
    assert (again.created, again.known, Case.objects.count(), Person.objects.count()) == (1, 2, 2, people)
    again = services.open_arrivals(arrivals=arrivals(3), by=actor("street_staff"), now=now)
    assert (again.created, again.known, Case.objects.count()) == (1, 2, 3)


def test_one_refusal_and_nothing_is_written(actor: Who, now: datetime) -> None:
    people = Person.objects.count()
    rows = [
        *arrivals(2),
        *arrivals(1, 5, area_code=OTHER_COMMUNITY),
        *arrivals(1, 6, area_code="370402999"),
        *arrivals(1, 7, service="moon_trip"),
    ]
    intake = services.open_arrivals(arrivals=rows, by=actor("street_staff"), now=now)
    assert [(place, refusal.code) for place, refusal in intake.refusals] == [
        (2, "not_allowed"),
        (3, "area_unknown"),
        (4, "service_unknown"),
    ]
    assert (intake.created, Case.objects.count(), Person.objects.count()) == (0, 0, people)


def test_what_the_category_asks_is_refused_by_its_place_too(
    actor: Who, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file brings no answers: a category that must have some is told line by line, not as one refusal."""
    plain = opening.columns

    def asking(order: NewOrder, *rest: Any) -> Any:
        if order.service == "haircut":
            raise RuleBroken("answer_missing", "请回答", field="answers")
        return plain(order, *rest)

    monkeypatch.setattr("huakai.cases.services.bulk_opening.columns", asking)
    rows = [*arrivals(1), *arrivals(1, 5, service="haircut")]
    for dry_run in (True, False):
        intake = services.open_arrivals(arrivals=rows, by=actor("street_staff"), now=now, dry_run=dry_run)
        assert [(place, refusal.code) for place, refusal in intake.refusals] == [(1, "answer_missing")]
    assert Case.objects.count() == 0
