"""The times of the order sheet: never before dispatch can be done, full ones shown and refused."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.test import Client

from huakai.kernel.clock import CHINA, FixedClock
from huakai.registry.types import Actor
from tests.cases.pages.test_phone import SHEET, sheet
from tests.cast import COMMUNITY
from tests.factories.cases import open_one

Who = Callable[[str], Actor]
Browser = Callable[[str], Client]


def test_on_friday_night_no_visit_is_offered_before_dispatch_can_be_done(
    client_of: Browser, clock: FixedClock
) -> None:
    """The clock of dispatch counts working hours: it ends on Monday 14:00, so Saturday 09:00 would be a lie."""
    clock.at = datetime(2026, 3, 13, 22, 0, tzinfo=CHINA)
    client = client_of("resident")
    page = client.get("/m/order/haircut/", headers=SHEET).content.decode()
    assert "2026-03-16T15:00:00+08:00" in page
    assert "2026-03-14" not in page
    assert "2026-03-16T10:30" not in page
    assert "3月16日 15:00 可约" in client.get("/m/").content.decode()
    done = client.post("/m/order/haircut/", sheet(when="2026-03-16T15:00:00+08:00"), headers=SHEET)
    assert "3月16日 14:00前为您安排" in done.content.decode()


def test_a_booked_out_time_is_shown_full_and_refused_in_words(
    client_of: Browser, actor: Who, now: datetime
) -> None:
    full = datetime.fromisoformat("2026-03-10T16:30:00+08:00")
    for key in ("a", "b", "c"):
        open_one(actor("neighbour"), now, key, wanted_at=full + timedelta(minutes=5), area_code=COMMUNITY)
    client = client_of("resident")
    page = client.get("/m/order/haircut/", headers=SHEET).content.decode()
    assert 'value="2026-03-10T16:30:00+08:00" disabled' in page
    assert "约满" in page
    assert 'value="2026-03-11T09:00:00+08:00" checked' in page
    assert "明天 09:00 可约" in client.get("/m/").content.decode()
    for given in (sheet(), sheet(when="soon", other_at="2026-03-10T17:00")):
        refused = client.post("/m/order/haircut/", given, headers=SHEET)
        assert refused.status_code == 422
        assert "这个时间约满了" in refused.content.decode()
    assert "约满" not in client_of("neighbour").get("/m/order/haircut/", headers=SHEET).content.decode()
