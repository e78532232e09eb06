"""Figures as bulletins print them: a rate is always computed, never typed."""

from decimal import ROUND_HALF_UP, Decimal


def rate(part: int, whole: int, *, decimals: int = 2) -> Decimal | None:
    """`part / whole` in percent, half-up at `decimals`; None when there is nothing to divide by.

    137854 of 138334 is 99.65 (row SZ-12). A rate below the whole never rounds up to 100.
    """
    if whole == 0:
        return None
    step = Decimal(1).scaleb(-decimals)
    exact = Decimal(part) * 100 / Decimal(whole)
    rounded = exact.quantize(step, rounding=ROUND_HALF_UP)
    if rounded >= 100 and part < whole:
        return Decimal(100) - step
    return rounded
