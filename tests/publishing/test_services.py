"""Screens: made with a token shown once, revoked at once, by those who manage them."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from huakai.audit import queries as audit
from huakai.audit.types import Subject
from huakai.kernel.errors import NotAllowed, NotFound, RuleBroken
from huakai.publishing import queries, services
from huakai.publishing.models import Screen
from huakai.publishing.types import NewScreen
from huakai.registry.types import Actor

HALL = NewScreen("区政务大厅一楼", "live_counters")


@pytest.fixture
def admin(actor: Callable[[str], Actor]) -> Actor:
    return actor("admin")


def test_a_screen_is_found_by_its_token_which_is_stored_nowhere(admin: Actor, now: datetime) -> None:
    screen, token = services.create_screen(new=HALL, pack_code="shizhong", by=admin, now=now)
    assert queries.screen_of(token, "live").pk == screen
    assert token not in str(list(Screen.objects.values()))
    assert [e.name for e in audit.history(Subject("screen", str(screen)))] == ["screen.created"]


def test_a_revoked_screen_shows_nothing_and_revoking_twice_is_once(admin: Actor, now: datetime) -> None:
    screen, token = services.create_screen(new=HALL, pack_code="shizhong", by=admin, now=now)
    for _ in range(2):
        services.revoke_screen(screen_id=screen, by=admin, now=now)
    with pytest.raises(NotFound):
        queries.screen_of(token)
    assert screen not in queries.live_screens()
    assert [e.name for e in audit.history(Subject("screen", str(screen)))] == [
        "screen.created",
        "screen.revoked",
    ]


def test_a_token_of_another_kind_opens_nothing(admin: Actor, now: datetime) -> None:
    _, token = services.create_screen(new=HALL, pack_code="shizhong", by=admin, now=now)
    with pytest.raises(NotFound):
        queries.screen_of(token, "board")


@pytest.mark.parametrize(
    ("new", "error"), [(NewScreen(" ", "live_counters"), RuleBroken), (NewScreen("x", "nothing"), NotFound)]
)
def test_a_screen_needs_a_place_and_a_wall(
    admin: Actor, now: datetime, new: NewScreen, error: type[Exception]
) -> None:
    with pytest.raises(error):
        services.create_screen(new=new, pack_code="shizhong", by=admin, now=now)


def test_others_neither_make_nor_revoke(actor: Callable[[str], Actor], admin: Actor, now: datetime) -> None:
    screen, _ = services.create_screen(new=HALL, pack_code="shizhong", by=admin, now=now)
    with pytest.raises(NotAllowed):
        services.create_screen(new=HALL, pack_code="shizhong", by=actor("street_staff"), now=now)
    with pytest.raises(NotFound):
        services.revoke_screen(screen_id=screen, by=actor("street_staff"), now=now)
    assert queries.screens(actor("street_staff")) == []


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"kind": "film"}, "screen_kind"),
        ({"token_hash": "x"}, "screen_token_hash"),
        ({"revoked_at": -1}, "screen_revoked_after"),
    ],
)
def test_the_database_refuses_nonsense(
    admin: Actor, now: datetime, change: dict[str, object], name: str
) -> None:
    services.create_screen(new=HALL, pack_code="shizhong", by=admin, now=now)
    if "revoked_at" in change:
        change = {"revoked_at": now - timedelta(days=1)}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Screen.objects.update(**change)
