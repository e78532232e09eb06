"""What every test may ask for: the fixed clock, the published packs, the cast, its actors and signed-in clients."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation
from pytest_django import DjangoDbBlocker
from pytest_django.fixtures import Settings

from huakai.kernel.clock import FixedClock
from huakai.packs import queries as packs
from huakai.packs import services as pack_services
from huakai.packs.types import EditionView
from huakai.registry import queries as registry
from huakai.registry.models import Account
from huakai.registry.types import Actor
from huakai.web import edge
from tests import cast as people
from tests.cast import Cast
from tests.database import flush_past_guards  # noqa: F401 - autouse
from tests.factories.api import Api

_standing: list[Cast] = []


@pytest.fixture
def now() -> datetime:
    """Tuesday 10 March 2026, 10:00 in China."""
    return people.NOW


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> FixedClock:
    """The clock the pages read; move it with `clock.at = …`."""
    fixed = FixedClock(people.NOW)
    monkeypatch.setattr(edge, "clock", fixed)
    return fixed


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """A page leaves its reader's language on the thread, as it may: the next test starts in Chinese."""
    translation.deactivate()
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def steady_packs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the two-second look for a newer edition falls into a test depends on the machine: not here."""
    monkeypatch.setattr(packs, "RECHECK_SECONDS", 600.0)


@pytest.fixture(autouse=True)
def plain_static(settings: Settings) -> None:
    """Static files under their own names: tests do not collect them."""
    backend = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": backend}}
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """After the tables: packs and cast, once, committed; each test rolls back to this state."""
    with django_db_blocker.unblock():
        _publish()
        _standing[:] = [people.assemble()]
    yield
    with django_db_blocker.unblock():
        packs.clear_caches()


def _publish() -> EditionView:
    root: Path = settings.PACKS_ROOT
    return pack_services.publish(pack_code="shizhong", root=root, by=None, now=people.BEFORE)


@pytest.fixture
def shizhong(db: None) -> EditionView:
    """The published pack of the place; published again when a transaction test has emptied the tables."""
    packs.forget_current()
    if packs.edition_rows("shizhong"):
        packs.published_places()
        return packs.current("shizhong")
    packs.clear_caches()
    return _publish()


@pytest.fixture
def cast(shizhong: EditionView) -> Cast:
    """Everybody of the cast."""
    if not people.stands(_standing[0]):
        _standing[:] = [people.assemble()]
    return _standing[0]


@pytest.fixture
def actor(cast: Cast) -> Callable[[str], Actor]:
    """`actor("street_staff")`: who they are and what they may do at `now`."""
    return lambda role: registry.actor_of_account(cast[role].account_id, people.NOW)


@pytest.fixture
def client_of(cast: Cast) -> Callable[[str], Client]:
    """`client_of("street_staff")`: a browser they are signed in with."""

    def signed_in(role: str) -> Client:
        client = Client()
        client.force_login(Account.objects.get(pk=cast[role].account_id))
        return client

    return signed_in


@pytest.fixture
def api(cast: Cast, client: Client) -> Api:
    """`api("street_staff", "get", "/cases")`: a call through the machine door, as anybody of the cast."""
    return Api(cast, people.NOW, client)
