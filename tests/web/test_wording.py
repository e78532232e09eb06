"""Times, spans and numbers as people say them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huakai.web import wording

NOW = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)  # 15:00 in China


@pytest.mark.parametrize(
    ("value", "chinese", "english"),
    [
        (NOW, "今天 15:00", "Today 15:00"),
        (NOW + timedelta(hours=20), "明天 11:00", "Tomorrow 11:00"),
        (NOW - timedelta(hours=16), "昨天 23:00", "Yesterday 23:00"),
        (NOW - timedelta(days=9), "11月11日 15:00", "11 Nov 15:00"),
        (NOW + timedelta(days=60), "2027年1月19日", "19 Jan 2027"),
    ],
)
def test_nice_time_speaks_in_the_zone_of_the_reader(value: datetime, chinese: str, english: str) -> None:
    assert wording.nice_time(value, NOW) == chinese
    assert wording.nice_time(value, NOW, "en") == english


@pytest.mark.parametrize(
    ("minutes", "chinese", "english", "tone"),
    [
        (35, "剩 35分钟", "35 min left", "soon"),
        (100, "剩 1小时40分", "1 h 40 min left", "calm"),
        (360, "剩 6小时", "6 h left", "calm"),
        (1440, "剩 1天", "1 d left", "calm"),
        (1740, "剩 1天5小时", "1 d 5 h left", "calm"),
        (-80, "超 1小时20分", "1 h 20 min over", "late"),
        (0, "超 0分钟", "0 min over", "late"),
    ],
)
def test_due_words_count_down_and_then_up(minutes: int, chinese: str, english: str, tone: str) -> None:
    due_at = NOW + timedelta(minutes=minutes)
    assert wording.due_words(due_at, NOW) == chinese
    assert wording.due_words(due_at, NOW, "en") == english
    assert wording.due_tone(due_at, NOW) == tone


@pytest.mark.parametrize(
    ("value", "text"),
    [(3482, "3,482"), (0, "0"), (None, "—"), ("", "—"), (Decimal("1234.50"), "1,234.50"), ("约3万", "约3万")],
)
def test_number_groups_by_thousands_and_never_turns_missing_into_zero(value: object, text: str) -> None:
    assert wording.number(value) == text


@given(st.integers(min_value=0, max_value=60 * 24 * 400))
def test_span_words_never_lose_more_than_an_hour(minutes: int) -> None:
    words = wording.span_words(timedelta(minutes=minutes), "en").split()
    told = sum(
        int(n) * {"d": 1440, "h": 60, "min": 1}[unit] for n, unit in zip(words[::2], words[1::2], strict=True)
    )
    assert 0 <= minutes - told < 60
