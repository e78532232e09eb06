"""Walls: token-bound, without a session, an ETag; the stream of live figures; the desk page of screens."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from uuid import UUID

import pytest
from django.test import AsyncClient, Client
from pytest_django import DjangoAssertNumQueries

from huakai.evaluation import services as evaluation
from huakai.publishing import queries, services
from huakai.publishing.models import Screen
from huakai.publishing.pages import streams
from huakai.publishing.types import NewScreen
from huakai.registry.types import Actor
from tests.factories.evaluation import frozen_board, stand_units

Who = Callable[[str], Actor]


def _screen(by: Actor, now: datetime, wall: str) -> tuple[UUID, str]:
    return services.create_screen(new=NewScreen("大厅", wall), pack_code="shizhong", by=by, now=now)


@pytest.fixture
def board_token(actor: Who, now: datetime) -> str:
    return _screen(actor("admin"), now, "three_compare_wall")[1]


@pytest.fixture
def live_token(actor: Who, now: datetime) -> str:
    return _screen(actor("admin"), now, "live_counters")[1]


def _publish(actor: Who, now: datetime) -> None:
    stand_units()
    issue = frozen_board(actor("board_clerk"), now)
    evaluation.approve(issue_id=issue, by=actor("board_approver"), now=now)
    evaluation.publish(issue_id=issue, by=actor("board_clerk"), now=now)


def test_an_empty_wall_says_so_and_then_shows_the_board(
    client: Client, actor: Who, now: datetime, board_token: str
) -> None:
    address = f"/screen/board/{board_token}/"
    assert "还没有发布的榜单" in client.get(address).content.decode()
    _publish(actor, now)
    page = client.get(address).content.decode()
    assert "（9个并列）" in page
    assert "来源于市中区大督查落实委员会办公室" in page


def test_an_unchanged_wall_is_answered_with_304(
    client: Client, actor: Who, now: datetime, board_token: str
) -> None:
    _publish(actor, now)
    first = client.get(f"/screen/board/{board_token}/")
    again = client.get(f"/screen/board/{board_token}/", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert again.content == b""


def test_a_wall_sets_no_cookie_and_knows_no_session(client: Client, live_token: str) -> None:
    response = client.get(f"/screen/live/{live_token}/")
    assert not response.cookies
    assert 'data-live="today"' in response.content.decode()


@pytest.mark.parametrize("kind", ["board", "live"])
def test_an_unknown_token_opens_nothing(client: Client, shizhong: object, kind: str) -> None:
    assert client.get(f"/screen/{kind}/no-such-token/").status_code == 404


def test_the_wall_costs_the_same_few_queries(
    client: Client,
    actor: Who,
    now: datetime,
    board_token: str,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    _publish(actor, now)
    client.get(f"/screen/board/{board_token}/")
    with django_assert_max_num_queries(6):
        client.get(f"/screen/board/{board_token}/")


def test_screens_are_made_and_revoked_on_the_desk(client_of: Callable[[str], Client], client: Client) -> None:
    browser = client_of("admin")
    page = browser.post("/desk/screens/", {"label": "大厅", "wall": "live_counters"}).content.decode()
    address = page.split('<a href="http://testserver')[1].split('"')[0]
    assert client.get(address).status_code == 200
    screen = Screen.objects.get()
    assert browser.post(f"/desk/screens/{screen.pk}/revoke/").status_code == 302
    assert client.get(address).status_code == 404
    assert "已停用" in browser.get("/desk/screens/").content.decode()


def test_a_screen_without_a_place_is_refused_beside_the_field(client_of: Callable[[str], Client]) -> None:
    response = client_of("admin").post("/desk/screens/", {"label": " ", "wall": "live_counters"})
    assert response.status_code == 422
    assert "请写明这块屏装在哪里" in response.content.decode()
    assert client_of("admin").post("/desk/screens/", {"label": "x", "wall": "y"}).status_code == 422


def test_the_street_does_not_manage_screens(client_of: Callable[[str], Client]) -> None:
    assert client_of("street_staff").get("/desk/screens/").status_code == 403


STATES = [
    streams.State({"open": "1"}, frozenset()),
    streams.State({"open": "1"}, frozenset()),
    streams.State({"open": "2"}, frozenset()),
]


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The poller's looks at the records, counted; figures move on at the third."""
    seen: list[str] = []

    def look(area_code: str) -> streams.State:
        seen.append(area_code)
        state = STATES[min(len(seen), len(STATES)) - 1]
        return streams.State(state.figures, frozenset({SCREEN}))

    monkeypatch.setattr(streams, "_look", look)
    return seen


SCREEN = UUID(int=7)


async def _take(stream: AsyncIterator[bytes], count: int) -> list[bytes]:
    return [await anext(stream) for _ in range(count)]


def test_many_streams_share_one_look_and_each_gets_the_whole_state(looks: list[str]) -> None:
    async def listen() -> list[list[bytes]]:
        streams_ = [streams._messages(SCREEN, "370402", 0.05) for _ in range(50)]
        taken = await asyncio.gather(*(_take(s, 3) for s in streams_))
        for stream in streams_:
            await stream.aclose()  # type: ignore[attr-defined]
        return taken

    taken = asyncio.run(listen())
    assert all(messages[0] == streams.RETRY for messages in taken)
    assert {json.loads(m[1].removeprefix(b"data: "))["open"] for m in taken} == {"1"}
    assert {json.loads(m[2].removeprefix(b"data: "))["open"] for m in taken} == {"2"}
    assert len(looks) <= 6
    assert not streams._pollers


def test_a_quiet_stream_beats(looks: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.05)

    async def listen() -> list[bytes]:
        stream = streams._messages(SCREEN, "370402", 60.0)
        taken = await _take(stream, 4)
        await stream.aclose()  # type: ignore[attr-defined]
        return taken

    assert streams.BEAT in asyncio.run(listen())[1:]


def test_a_revoked_screen_loses_its_stream(looks: list[str]) -> None:
    async def listen() -> list[bytes]:
        return [message async for message in streams._messages(UUID(int=8), "370402", 0.05)]

    assert asyncio.run(listen()) == [streams.RETRY]


def test_a_failed_look_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    def look(area_code: str) -> streams.State:
        calls.append(1)
        if len(calls) == 1:
            raise OSError("the database is away")
        return streams.State({"open": "3"}, frozenset({SCREEN}))

    monkeypatch.setattr(streams, "_look", look)

    async def listen() -> list[bytes]:
        stream = streams._messages(SCREEN, "370402", 0.01)
        taken = await _take(stream, 2)
        await stream.aclose()  # type: ignore[attr-defined]
        return taken

    assert b'"3"' in asyncio.run(listen())[1]


@pytest.mark.django_db(transaction=True)
def test_the_stream_of_a_screen_speaks(cast: object, actor: Who, now: datetime) -> None:
    _, token = _screen(actor("admin"), now, "live_counters")

    async def listen() -> tuple[dict[str, str], dict[str, str]]:
        response = await AsyncClient().get(f"/screen/{token}/events/")
        stream = response.streaming_content  # type: ignore[attr-defined]
        taken = await _take(stream, 2)
        await stream.aclose()
        return dict(response.headers), json.loads(taken[1].removeprefix(b"data: "))

    headers, figures = asyncio.run(listen())
    assert headers["Content-Type"] == "text/event-stream"
    assert headers["Content-Encoding"] == "identity"
    assert figures["volunteers"] == queries.figures("370402", now=now)["volunteers"]
