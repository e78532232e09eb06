"""Who may what: roles add up, subtrees end at their neighbours, pages hold to what they declare."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries

from huakai.kernel.errors import NotAllowed
from huakai.registry import queries, services
from huakai.registry.access import AccessMiddleware, api_auth, needs, require, scope_q, token_hash
from huakai.registry.models import Account, Appointment, Unit
from huakai.registry.types import ANONYMOUS, SYSTEM, Actor
from tests import cast as people
from tests.cast import Cast

ActorOf = Callable[[str], Actor]


def test_a_station_may_dispatch_in_its_community_and_nowhere_else(actor: ActorOf) -> None:
    staff = actor("station_staff")
    assert staff.may("case.dispatch", people.COMMUNITY)
    assert not staff.may("case.dispatch", people.OTHER_COMMUNITY)
    assert not staff.may("case.dispatch", people.STREET)


def test_the_neighbour_street_may_not_touch_this_street(actor: ActorOf) -> None:
    assert actor("street_staff").may("person.reveal", people.COMMUNITY)
    assert not actor("neighbour_staff").may("person.reveal", people.COMMUNITY)


def test_the_stranger_has_rights_on_own_records_only(actor: ActorOf) -> None:
    stranger = actor("stranger")
    assert stranger.permissions == {}
    assert stranger.own == {"case.open", "case.view", "case.move", "case.rate", "ledger.view"}
    assert stranger.roles == ("resident",)


def test_a_volunteer_and_a_leader_hold_their_roles_by_registration(actor: ActorOf, cast: Cast) -> None:
    assert "volunteer" in actor("volunteer").roles
    assert actor("volunteer").team_ids == (cast.team_id,)
    assert actor("team_leader").led_team_ids == (cast.team_id,)
    assert "team.edit" in actor("team_leader").own
    assert "team.edit" not in actor("volunteer").own


def test_an_actor_costs_one_query(
    cast: Cast, now: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    queries.actor_of_account(cast["centre_staff"].account_id, now)
    with django_assert_num_queries(1):
        queries.actor_of_account(cast["centre_staff"].account_id, now)


def test_a_role_ends_with_its_appointment_and_not_before(cast: Cast, now: datetime) -> None:
    held = Appointment.objects.get(person=cast["street_staff"].person_id)
    services.end_appointment(appointment_id=held.pk, by=SYSTEM, now=now)
    account = cast["street_staff"].account_id
    assert queries.actor_of_account(account, now - timedelta(seconds=1)).may("panel.view", people.STREET)
    assert not queries.actor_of_account(account, now).may("panel.view", people.STREET)


def test_a_role_sleeps_once_its_unit_has_ended(cast: Cast, now: datetime) -> None:
    Unit.objects.filter(code=people.DEPARTMENT).update(ends_on=now.date())
    assert not queries.actor_of_account(cast["dept_handler"].account_id, now).may("case.accept")


def test_a_closed_account_is_nobody(cast: Cast, now: datetime) -> None:
    Account.objects.filter(pk=cast["admin"].account_id).update(is_active=False)
    assert queries.actor_of_account(cast["admin"].account_id, now) is ANONYMOUS


def test_scope_finds_rows_of_the_subtree_only(actor: ActorOf) -> None:
    scope = scope_q(actor("street_staff"), "unit.view", area_field="code")
    assert set(Unit.objects.filter(scope).values_list("code", flat=True)) == {
        people.STREET,
        people.COMMUNITY,
        "370402002002",
    }
    assert not Unit.objects.filter(scope_q(actor("stranger"), "unit.view", area_field="code")).exists()
    assert Unit.objects.filter(scope_q(SYSTEM, "unit.view", area_field="code")).count() == 10


def test_require_refuses_in_words(actor: ActorOf) -> None:
    with pytest.raises(NotAllowed, match="岗位没有这项权限"):
        require(actor("leader"), "case.dispatch", people.STREET)


def test_a_page_that_does_not_say_who_may_see_it_is_refused(rf: RequestFactory) -> None:
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    gate = AccessMiddleware(page)
    with pytest.raises(ImproperlyConfigured):
        gate.process_view(rf.get("/"), page, (), {})


def test_a_visitor_is_sent_to_sign_in_and_back(client: Client, db: None, shizhong: object) -> None:
    response = client.get("/desk/units/?q=1")
    assert response.status_code == 302
    assert response["Location"] == "/signin/?next=%2Fdesk%2Funits%2F%3Fq%3D1"


def test_htmx_visitors_are_sent_to_sign_in_as_a_whole_page(client: Client, shizhong: object) -> None:
    response = client.get("/desk/units/", headers={"HX-Request": "true"})
    assert response.status_code == 204
    assert response["HX-Redirect"].startswith("/signin/")


def test_a_page_of_another_office_is_refused_in_words(client_of: Callable[[str], Client]) -> None:
    response = client_of("resident").get("/desk/units/")
    assert response.status_code == 403
    assert "岗位" in response.content.decode()


def test_changing_the_password_ends_other_sessions(
    client_of: Callable[[str], Client], cast: Cast, now: datetime
) -> None:
    browser = client_of("admin")
    assert browser.get("/desk/units/").status_code == 200
    services.set_password(
        account_id=cast["admin"].account_id, password="another-long-one-1", by=SYSTEM, now=now
    )
    assert browser.get("/desk/units/").status_code == 302


def _bearer(cast: Cast, now: datetime, role: str = "centre_staff") -> str:
    return services.issue_token(
        account_id=cast[role].account_id, label="test", scopes=("cases:read",), days=1, by=SYSTEM, now=now
    )


def _api_request(now: datetime) -> HttpRequest:
    request = RequestFactory().get("/api/v1/x")
    request.now = now  # type: ignore[attr-defined]
    return request


def test_a_token_is_its_accounts_rights_narrowed_to_its_scopes(cast: Cast, now: datetime) -> None:
    token = _bearer(cast, now)
    found = api_auth("cases:read", needs="case.view").authenticate(_api_request(now), token)
    assert found is not None
    assert found.person_id == cast["centre_staff"].person_id
    with pytest.raises(NotAllowed, match="cases:write"):
        api_auth("cases:write", needs="case.open").authenticate(_api_request(now), token)
    with pytest.raises(NotAllowed):
        api_auth("cases:read", needs="audit.view").authenticate(_api_request(now), token)


def test_a_token_ends_when_expired_revoked_or_wrong(cast: Cast, now: datetime) -> None:
    token = _bearer(cast, now)
    guard = api_auth("cases:read", needs="case.view")
    assert guard.authenticate(_api_request(now + timedelta(days=1)), token) is None
    assert guard.authenticate(_api_request(now), token + "x") is None
    (card,) = queries.tokens_of(cast["centre_staff"].account_id)
    services.revoke_token(token_id=card.id, by=SYSTEM, now=now)
    assert guard.authenticate(_api_request(now), token) is None


def test_needs_marks_the_view() -> None:
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    assert needs("case.view")(page).needs == "case.view"  # type: ignore[attr-defined]


def test_a_tokens_hash_is_not_the_token() -> None:
    assert Path(token_hash("hk_x")).name != "hk_x"
