"""Rates are computed, half-up, and never claim a whole that is not there."""

from decimal import Decimal

import pytest

from huakai.kernel.figures import rate


@pytest.mark.parametrize(
    ("part", "whole", "decimals", "printed"),
    [
        (137854, 138334, 2, "99.65"),
        (1, 3, 2, "33.33"),
        (1, 8, 2, "12.50"),
        (5, 1000, 0, "1"),
        (999_999, 1_000_000, 2, "99.99"),
        (3, 3, 1, "100.0"),
        (4, 3, 0, "133"),
        (0, 7, 2, "0.00"),
    ],
)
@pytest.mark.row("SZ-12")
def test_a_rate_is_printed_half_up(part: int, whole: int, decimals: int, printed: str) -> None:
    assert rate(part, whole, decimals=decimals) == Decimal(printed)


def test_nothing_to_divide_by_is_no_rate() -> None:
    assert rate(0, 0) is None
