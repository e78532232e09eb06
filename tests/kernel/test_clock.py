"""The clock is handed in."""

from datetime import UTC, datetime

from huakai.kernel.clock import FixedClock, SystemClock


def test_the_system_clock_is_aware_and_a_fixed_one_stands_still() -> None:
    assert SystemClock().now().tzinfo is UTC
    at = datetime(2026, 3, 2, tzinfo=UTC)
    assert FixedClock(at).now() is at
