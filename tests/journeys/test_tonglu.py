"""百江镇: a promise opened from a grid visit stays on the public list until its result is filed (QG-03)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from huakai.cases import queries
from huakai.cases.models import Case
from huakai.kernel.clock import CHINA, FixedClock
from huakai.packs.types import EditionView
from tests.factories.places_b import Place, Refused, sent, standing

TOWN, VILLAGE, GRID = "330122108", "330122108201", "33012210820101"
WATER = "330122D02"


@pytest.fixture
def place(shizhong: EditionView, clock: FixedClock) -> Iterator[Place]:
    with standing("tonglu", clock) as made:
        yield made


def promised_from_a_visit(place: Place, due: datetime) -> UUID:
    """A cadre goes through a grid, hears that the fields are dry, and the town promises water by a day."""
    cadre, town = place.who("grid_worker", GRID), place.who("street_staff", TOWN)
    wish = {"category": "promise", "title": "给大片农田送水", "detail": "天旱，田里没水"}
    visit = {"kind": "grid_visit", "area_code": GRID, "visited_on": "2026-03-10", "words": "走亲访友"}
    made = sent(cadre.api("post", "/visits", "v1", body=visit | {"findings": [wish]}))
    case_id = UUID(made["cases"][0])
    assert cadre.listed(f"origin={made['id']}") == [case_id]
    place.move(town, case_id, "promise", unit_code=WATER, due_at=due)
    return case_id


@pytest.mark.row("QG-03")
def test_a_promise_from_a_grid_visit_stays_on_the_public_list_until_its_result_is_filed(
    place: Place, clock: FixedClock
) -> None:
    due = datetime(2026, 3, 20, 18, 0, tzinfo=CHINA)
    case_id = promised_from_a_visit(place, due)
    (line,) = queries.public_list(TOWN)
    assert (line.title, line.owner, line.promised_for, line.result) == (
        "给大片农田送水",
        "县林业水利局",
        due,
        "",
    )
    clock.at = due + timedelta(days=3)
    assert [each.number for each in queries.public_list(TOWN)] == [line.number], "late, and still there"
    owner = place.who("dept_handler", WATER)
    place.move(owner, case_id, "progress", result="水泵已运到")
    assert len(queries.public_list(TOWN)) == 1, "news is no result"
    assert place.post(owner, case_id, "file_result", result=" ").status_code == 422
    assert len(queries.public_list(TOWN)) == 1
    place.move(owner, case_id, "file_result", result="三天送水四十车")
    assert queries.public_list(TOWN) == ()
    (kept,) = queries.public_list(TOWN, done=True)
    assert (kept.title, kept.result) == ("给大片农田送水", "三天送水四十车")


@pytest.mark.row("QG-03")
def test_a_promise_names_its_owner_and_a_day_still_to_come(place: Place, clock: FixedClock) -> None:
    town = place.who("street_staff", TOWN)
    case_id = place.call(town, GRID, "promise", "把水送到田里")
    for given in (
        {"due_at": clock.at + timedelta(days=3)},
        {"unit_code": WATER},
        {"unit_code": WATER, "due_at": clock.at},
    ):
        with pytest.raises(Refused):
            place.move(town, case_id, "promise", answers={}, **given)
    assert queries.public_list(TOWN)[0].owner == ""


@pytest.mark.row("QG-03")
def test_the_public_list_shows_neither_other_flows_nor_other_towns_nor_persons(place: Place) -> None:
    promised_from_a_visit(place, datetime(2026, 3, 20, 18, 0, tzinfo=CHINA))
    place.call(place.who("street_staff", TOWN), GRID, "water", "水管漏水")
    assert len(queries.public_list("330122")) == 1
    assert queries.public_list("330122108202") == ()
    person = Case.objects.get(flow="promise").requester
    shown = repr(queries.public_list(TOWN))
    assert all(str(word) not in shown for word in (person.pk, person.name_masked, person.phone_masked))
