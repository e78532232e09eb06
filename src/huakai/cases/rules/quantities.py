"""Totals of amounts that bear marks: 余, 近, 约 (requirements 6, 49)."""

from collections.abc import Iterable


def mark_of_sum(marks: Iterable[str]) -> str:
    """The mark a sum bears: exact amounts add none, marks that agree stay, marks that differ make it 约.

    50余 and 10 are 60余: at least that much is known. 余 (a little more) and 近 (a little less) only tell 约.
    """
    said = {mark for mark in marks if mark}
    return next(iter(said)) if len(said) == 1 else "约" if said else ""
