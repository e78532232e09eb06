"""What peers are told: events, payload, signature, the waits between tries."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huakai.audit.types import Event, Subject
from huakai.cases.types import ToldCase
from huakai.publishing import rules

AT = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
CASE = UUID(int=7)
TOLD = ToldCase(
    CASE, 12, "volunteer_order", "rated", "closed", "repair", "370402002001", "", AT + timedelta(hours=1)
)
SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()


def _event(name: str = "case.closed", **after: object) -> Event:
    return Event(5, 1, name, Subject("case", str(CASE)), AT, None, {}, after, None, "370402002001", "")


def test_events_about_who_looked_are_not_offered() -> None:
    assert rules.is_open_event("case.closed")
    assert not rules.is_open_event("case.contact_seen")
    assert not rules.is_open_event("case.exported")
    assert not rules.is_open_event("person.revealed")


def test_a_case_of_a_closed_kind_is_told_to_nobody() -> None:
    assert rules.is_tellable(TOLD)
    assert not rules.is_tellable(ToldCase(CASE, 1, "f", "s", "open", "c", "37", "", None, restricted=True))


def test_the_payload_holds_codes_and_times_only() -> None:
    event = _event(stage="done", move="finish", result="王秀英家电扇修好了", requester="someone")
    assert rules.payload_of(event, TOLD, seq=3) == {
        "type": "case.closed",
        "timestamp": "2026-03-10T02:00:00Z",
        "seq": 3,
        "data": {
            "id": str(CASE),
            "number": 12,
            "flow": "volunteer_order",
            "stage": "done",
            "status": "closed",
            "category": "repair",
            "area_code": "370402002001",
            "unit_code": "",
            "due_at": "2026-03-10T03:00:00Z",
        },
    }


def _independent(secret: str, letter_id: str, timestamp: str, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = letter_id.encode() + b"." + timestamp.encode() + b"." + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


@given(st.text(max_size=200), st.datetimes(datetime(2001, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001
def test_the_signature_is_what_another_implementation_computes(body: str, at: datetime) -> None:
    now = at.replace(tzinfo=UTC).astimezone(tz=None)
    headers = rules.signed_headers(letter_id="msg_1", body=body, secrets=[SECRET], now=now)
    stamp = headers["webhook-timestamp"]
    assert int(stamp) == int(now.timestamp())
    assert headers["webhook-signature"] == _independent(SECRET, "msg_1", stamp, body.encode())


def test_the_published_vector_of_standard_webhooks_holds() -> None:
    headers = rules.signed_headers(
        letter_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        body='{"test": 2432232314}',
        secrets=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        now=datetime.fromtimestamp(1614265330, UTC),
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_two_secrets_sign_side_by_side() -> None:
    both = rules.signed_headers(letter_id="m", body="{}", secrets=[SECRET, SECRET], now=AT)
    one, other = both["webhook-signature"].split(" ")
    assert one == other


@pytest.mark.parametrize(
    ("tries", "seconds"), [(1, 10), (2, 30), (3, 90), (4, 270), (5, 810), (9, 65_610), (10, None)]
)
def test_waits_grow_threefold_and_end_after_ten_tries(tries: int, seconds: int | None) -> None:
    wait = rules.next_try_after(tries, spread=0.5)
    assert wait == (None if seconds is None else timedelta(seconds=seconds))


@given(st.integers(1, 9), st.floats(0, 1, exclude_max=True))
def test_the_spread_moves_a_wait_by_a_fifth_at_most(tries: int, spread: float) -> None:
    middle, wait = rules.next_try_after(tries, spread=0.5), rules.next_try_after(tries, spread=spread)
    assert middle is not None
    assert wait is not None
    assert middle * 0.8 - timedelta(milliseconds=1) <= wait <= middle * 1.2


def test_all_tries_together_take_about_a_day() -> None:
    waits = [rules.next_try_after(tries, spread=0.5) or timedelta() for tries in range(1, 11)]
    assert timedelta(hours=24) < sum(waits, timedelta()) < timedelta(hours=30)
