"""The auditor's pages: filter, page through, verify; nobody else."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client

from huakai.audit import queries, services
from huakai.audit.models import AuditEvent
from huakai.audit.types import EventFilter, Fact, Subject
from tests import cast as people
from tests.database import guards_off

pytestmark = pytest.mark.django_db
ClientOf = Callable[[str], Client]
FACT = Fact(
    name="case.moved",
    subject=Subject("case", "11"),
    at=people.NOW,
    before={"stage": "ordered"},
    after={"stage": "dispatched", "lead": ["甲"]},
    area_code=people.STREET,
)


def test_the_auditor_sees_who_changed_what(client_of: ClientOf, cast: people.Cast) -> None:
    services.record(replace(FACT, actor_id=cast["street_staff"].person_id))
    page = client_of("auditor").get("/desk/audit/", {"kind": "case", "id": "11"}).content.decode()
    assert "case.moved" in page
    assert "杨*" in page, "the actor by masked name"
    assert "<del>ordered</del> → dispatched" in page
    assert "[&quot;甲&quot;]" in page


def test_each_filter_narrows(client_of: ClientOf, cast: people.Cast) -> None:
    services.record(replace(FACT, actor_id=cast["street_staff"].person_id))
    auditor = client_of("auditor")

    def finds(**query: str) -> bool:
        return "case 11" in auditor.get("/desk/audit/", query).content.decode()

    assert finds(name="case.moved")
    assert not finds(kind="unit")
    assert finds(actor=str(cast["street_staff"].person_id))
    assert not finds(actor=str(cast["auditor"].person_id))
    assert finds(first_on="2026-03-10", last_on="2026-03-10")
    assert not finds(first_on="2026-03-11")
    assert not finds(last_on="2026-03-09")


def test_nothing_found_says_so_and_bad_input_is_kept(client_of: ClientOf) -> None:
    auditor = client_of("auditor")
    assert "没有符合条件的记录" in auditor.get("/desk/audit/", {"kind": "nothing"}).content.decode()
    wrong = auditor.get("/desk/audit/", {"actor": "somebody"})
    assert wrong.status_code == 422
    assert 'value="somebody"' in wrong.content.decode()


def test_pages_follow_by_keyset(client_of: ClientOf) -> None:
    for _ in range(51):
        services.record(FACT)
    auditor = client_of("auditor")
    first = auditor.get("/desk/audit/", {"kind": "case", "id": "11"})
    cursor = first.context["next"]
    second = auditor.get("/desk/audit/", {"kind": "case", "id": "11", "cursor": cursor})
    assert (len(first.context["lines"]), len(second.context["lines"]), second.context["next"]) == (
        50,
        1,
        None,
    )


def test_an_auditor_sees_only_the_areas_of_the_appointment() -> None:
    services.record(FACT)
    services.record(replace(FACT, area_code=people.OTHER_STREET))
    services.record(replace(FACT, area_code=""))
    wanted = EventFilter(subject_id="11", within=(people.STREET,))
    assert {event.area_code for event in queries.events_page(wanted).events} == {people.STREET, ""}
    assert {event.area_code for event in queries.events_page(replace(wanted, within=())).events} == {""}
    assert len(queries.events_page(replace(wanted, within=("",))).events) == 3


def test_a_verification_is_recorded_and_shown(client_of: ClientOf, cast: people.Cast) -> None:
    auditor = client_of("auditor")
    auditor.post("/desk/audit/verify/")
    last = queries.last_verification()
    assert last is not None
    assert (last.problems, last.by) == (0, cast["auditor"].person_id)
    assert "上次核验" in auditor.get("/desk/audit/").content.decode()


def test_tampering_is_shown_line_by_line(client_of: ClientOf) -> None:
    services.record(FACT)
    auditor = client_of("auditor")
    with guards_off():
        AuditEvent.objects.filter(subject_id="11").update(name="case.forged")
    answer = auditor.post("/desk/audit/verify/")
    assert answer.status_code == 409
    assert "内容与写入时不符" in answer.content.decode()


@pytest.mark.parametrize("role", ["street_staff", "resident"])
def test_others_are_refused(client_of: ClientOf, role: str) -> None:
    assert client_of(role).get("/desk/audit/").status_code == 403
    assert client_of(role).post("/desk/audit/verify/").status_code == 403


def test_a_stranger_is_sent_to_sign_in(client: Client, shizhong: object) -> None:
    assert client.get("/desk/audit/").status_code == 302
