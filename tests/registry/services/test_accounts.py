"""Accounts, passwords, appointments and tokens: nobody acts outside their own units."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from huakai.kernel.errors import NotAllowed, NotFound, RuleBroken
from huakai.kernel.ids import new_id
from huakai.registry import queries, services
from huakai.registry.models import Account, Appointment
from huakai.registry.types import SYSTEM, Actor
from tests import cast as people
from tests.cast import Cast

ActorOf = Callable[[str], Actor]
PASSWORD = "a-long-password-1"


@pytest.fixture(autouse=True)
def quick_hashes(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def street_admin(cast: Cast, now: datetime) -> Actor:
    """A manager of users of one street only."""
    street = cast["leader"]
    services.appoint(
        person_id=street.person_id, role="admin", unit_code=people.STREET, by=SYSTEM, now=people.BEFORE
    )
    Appointment.objects.filter(person=street.person_id, role="leader").update(ends_at=now)
    return queries.actor_of_account(street.account_id, now)


def _new(unit: str = people.COMMUNITY, **changes: str) -> services.NewUser:
    values = {
        "name": "新人",
        "phone": "13812345678",
        "username": "xinren",
        "password": PASSWORD,
        "role": "station_staff",
        "unit_code": unit,
    }
    return services.NewUser(**{**values, **changes})


def test_a_manager_opens_an_account_with_a_role_in_one_go(street_admin: Actor, now: datetime) -> None:
    account = services.open_account(new=_new(), by=street_admin, now=now)
    assert queries.actor_of_account(account, now).may("case.dispatch", people.COMMUNITY)
    assert services.check_password(username="xinren", password=PASSWORD, address="x", now=now) == account
    card = queries.account_of(account)
    assert card is not None
    assert [(a.role, a.unit_code) for a in card.appointments] == [("station_staff", people.COMMUNITY)]


def test_nobody_opens_an_account_outside_their_units(
    street_admin: Actor, actor: ActorOf, now: datetime
) -> None:
    before = Account.objects.count()
    for by, unit in (
        (street_admin, people.OTHER_COMMUNITY),
        (street_admin, people.DISTRICT),
        (actor("centre_staff"), people.COMMUNITY),
        (actor("stranger"), people.COMMUNITY),
    ):
        with pytest.raises(NotAllowed):
            services.open_account(new=_new(unit), by=by, now=now)
    assert Account.objects.count() == before


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"phone": "1"}, "phone"),
        ({"username": "x"}, "username"),
        ({"username": "a b"}, "username"),
        ({"password": "short"}, "password"),
        ({"password": "1234567890"}, "password"),
        ({"role": "king"}, "role"),
        ({"role": "resident"}, "role"),
        ({"unit_code": "999"}, "unit_code"),
        ({"phone": "19900000005"}, ""),
    ],
)
def test_a_wrong_account_is_refused_and_nothing_is_half_made(
    cast: Cast, now: datetime, changes: dict[str, str], field: str
) -> None:
    before = (Account.objects.exclude(username=None).count(), Appointment.objects.count())
    if not field:
        services.create_account(
            person_id=cast["station_staff"].person_id, username="first", password=PASSWORD, by=SYSTEM, now=now
        )
        before = (before[0] + 1, before[1])
    with pytest.raises(RuleBroken) as refused:
        services.open_account(new=_new(**changes), by=SYSTEM, now=now)
    assert refused.value.field == (field or "username")
    assert (Account.objects.exclude(username=None).count(), Appointment.objects.count()) == before


def test_a_user_name_is_taken_once(cast: Cast, now: datetime) -> None:
    services.open_account(new=_new(), by=SYSTEM, now=now)
    with pytest.raises(RuleBroken, match="已被使用"):
        services.open_account(new=_new(phone="13812345679", username="XINREN"), by=SYSTEM, now=now)


def test_an_account_needs_a_manager(cast: Cast, actor: ActorOf, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        services.create_account(
            person_id=cast["stranger"].person_id,
            username="me",
            password=PASSWORD,
            by=actor("stranger"),
            now=now,
        )


def test_one_changes_ones_own_password_knowing_the_old_one(cast: Cast, now: datetime) -> None:
    account = services.open_account(new=_new(), by=SYSTEM, now=now)
    me = queries.actor_of_account(account, now)
    with pytest.raises(RuleBroken, match="原密码"):
        services.set_password(account_id=account, password="another-one-2", old="no", by=me, now=now)
    services.set_password(account_id=account, password="another-one-2", old=PASSWORD, by=me, now=now)
    assert Account.objects.get(pk=account).check_password("another-one-2")


def test_only_a_manager_over_all_roles_of_a_person_sets_a_password(
    cast: Cast, street_admin: Actor, now: datetime
) -> None:
    account = services.open_account(new=_new(), by=SYSTEM, now=now)
    services.set_password(account_id=account, password="another-one-2", by=street_admin, now=now)
    card = queries.account_of(account)
    assert card is not None
    services.appoint(
        person_id=card.person_id, role="leader", unit_code=people.OTHER_STREET, by=SYSTEM, now=now
    )
    with pytest.raises(NotAllowed):
        services.set_password(account_id=account, password="another-one-3", by=street_admin, now=now)
    with pytest.raises(NotAllowed):
        services.set_password(
            account_id=cast["admin"].account_id, password="another-one-3", by=street_admin, now=now
        )
    with pytest.raises(NotFound):
        services.set_password(account_id=0, password="another-one-3", by=street_admin, now=now)


def test_a_role_that_ends_later_protects_its_holder_until_then(
    cast: Cast, street_admin: Actor, now: datetime
) -> None:
    account = services.open_account(new=_new(), by=SYSTEM, now=now)
    card = queries.account_of(account)
    assert card is not None
    until = now + timedelta(days=1)
    services.appoint(
        person_id=card.person_id, role="admin", unit_code=people.DISTRICT, by=SYSTEM, now=now, ends_at=until
    )
    with pytest.raises(NotAllowed):
        services.set_password(account_id=account, password="another-one-2", by=street_admin, now=now)
    services.set_password(account_id=account, password="another-one-2", by=street_admin, now=until)


def test_nobody_appoints_themselves(street_admin: Actor, now: datetime) -> None:
    assert street_admin.person_id is not None
    with pytest.raises(RuleBroken, match="自己"):
        services.appoint(
            person_id=street_admin.person_id,
            role="board_approver",
            unit_code=people.STREET,
            by=street_admin,
            now=now,
        )


def test_an_account_without_roles_belongs_to_its_area(cast: Cast, street_admin: Actor, now: datetime) -> None:
    services.set_account_open(account_id=cast["resident"].account_id, is_open=False, by=street_admin, now=now)
    assert not Account.objects.get(pk=cast["resident"].account_id).is_active
    services.set_account_open(account_id=cast["resident"].account_id, is_open=True, by=street_admin, now=now)
    with pytest.raises(NotAllowed):
        services.set_account_open(
            account_id=cast["neighbour"].account_id, is_open=False, by=street_admin, now=now
        )
    assert street_admin.account_id is not None
    with pytest.raises(RuleBroken, match="自己"):
        services.set_account_open(account_id=street_admin.account_id, is_open=False, by=street_admin, now=now)


def test_a_role_is_given_once_at_a_time_and_has_an_end(cast: Cast, now: datetime) -> None:
    person = cast["stranger"].person_id
    with pytest.raises(RuleBroken, match="晚于现在"):
        services.appoint(
            person_id=person, role="leader", unit_code=people.STREET, by=SYSTEM, now=now, ends_at=now
        )
    services.appoint(person_id=person, role="leader", unit_code=people.STREET, by=SYSTEM, now=now)
    with pytest.raises(RuleBroken, match="已经"):
        services.appoint(person_id=person, role="leader", unit_code=people.STREET, by=SYSTEM, now=now)


def test_an_appointment_of_today_vanishes_and_an_older_one_is_kept(cast: Cast, now: datetime) -> None:
    person = cast["stranger"].person_id
    made = services.appoint(person_id=person, role="leader", unit_code=people.STREET, by=SYSTEM, now=now)
    services.end_appointment(appointment_id=made, by=SYSTEM, now=now)
    assert queries.appointments_of(person) == ()
    made = services.appoint(person_id=person, role="leader", unit_code=people.STREET, by=SYSTEM, now=now)
    services.end_appointment(appointment_id=made, by=SYSTEM, now=now + timedelta(hours=1))
    assert [a.ends_at for a in queries.appointments_of(person)] == [now + timedelta(hours=1)]
    with pytest.raises(NotFound):
        services.end_appointment(appointment_id=made, by=SYSTEM, now=now + timedelta(hours=2))


def test_the_neighbour_manager_may_not_end_a_role(cast: Cast, street_admin: Actor, now: datetime) -> None:
    held = Appointment.objects.get(person=cast["neighbour_staff"].person_id)
    with pytest.raises(NotAllowed):
        services.end_appointment(appointment_id=held.pk, by=street_admin, now=now)


@pytest.mark.parametrize(
    ("changes", "field"), [({"label": " "}, "label"), ({"scopes": ()}, "scopes"), ({"days": 0}, "days")]
)
def test_a_token_needs_a_purpose_scopes_and_a_term(
    cast: Cast, now: datetime, changes: dict[str, object], field: str
) -> None:
    values: dict[str, object] = {"label": "统计", "scopes": ("cases:read",), "days": 30, **changes}
    with pytest.raises(RuleBroken) as refused:
        services.issue_token(account_id=cast["admin"].account_id, by=SYSTEM, now=now, **values)  # type: ignore[arg-type]
    assert refused.value.field == field


def test_tokens_are_issued_and_revoked_by_managers_only(
    cast: Cast, street_admin: Actor, now: datetime
) -> None:
    account = cast["neighbour_staff"].account_id
    with pytest.raises(NotAllowed):
        services.issue_token(
            account_id=account, label="x", scopes=("cases:read",), days=1, by=street_admin, now=now
        )
    services.issue_token(account_id=account, label="x", scopes=("cases:read",), days=1, by=SYSTEM, now=now)
    (card,) = queries.tokens_of(account)
    with pytest.raises(NotAllowed):
        services.revoke_token(token_id=card.id, by=street_admin, now=now)
    services.revoke_token(token_id=card.id, by=SYSTEM, now=now)
    services.revoke_token(token_id=card.id, by=SYSTEM, now=now + timedelta(hours=1))
    assert [t.revoked_at for t in queries.tokens_of(account)] == [now]
    with pytest.raises(NotFound):
        services.revoke_token(token_id=new_id(now), by=SYSTEM, now=now)
    with pytest.raises(NotFound):
        services.issue_token(account_id=0, label="x", scopes=("a:read",), days=1, by=SYSTEM, now=now)
