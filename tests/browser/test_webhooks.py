"""The pages of webhooks in Chromium: axe, origin, narrow windows, and a dead letter retried without scripts."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest

from huakai.publishing import services
from huakai.publishing.models import Letter
from huakai.registry.types import Actor
from tests.browser.conftest import WatchedPage
from tests.factories.publishing import add_peer

pytestmark = pytest.mark.browser
Open = Callable[..., WatchedPage]


@pytest.fixture
def peer(cast: object, actor: Callable[[str], Actor], now: datetime) -> UUID:
    """A peer with a letter that waits and one that is dead."""
    admin = actor("admin")
    made, _ = add_peer(admin, now)
    for _ in range(2):
        services.send_test(peer_id=made, by=admin, now=now)
    Letter.objects.filter(seq=1).update(state="dead", tries=10, next_try_at=None, last_status=503)
    return made


@pytest.mark.parametrize(
    ("width", "mode", "language"),
    [(1440, "std", ""), (320, "std", "en"), (390, "xl", ""), (390, "elder", "en")],
)
def test_the_pages_of_webhooks(page_for: Open, peer: UUID, width: int, mode: str, language: str) -> None:
    shown = page_for("admin", width=width, height=900, mode=mode, language=language)
    for address in ("/desk/webhooks/", f"/desk/webhooks/{peer}/", f"/desk/webhooks/{peer}/?state=dead"):
        shown.go(address)
        assert shown.violations() == [], address
        assert shown.watch.outside == [], address
        assert shown.watch.complaints == [], address
        assert not shown.is_wider_than_its_window(), address


def test_a_dead_letter_is_retried_without_scripts(page_for: Open, peer: UUID) -> None:
    page = page_for("admin", scripts=False).go(f"/desk/webhooks/{peer}/?state=dead")
    page.get_by_role("button", name="全部重试").click()
    page.get_by_text("没有未送达的消息").wait_for()
    assert set(Letter.objects.values_list("state", flat=True)) == {"waiting"}
