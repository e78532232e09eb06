"""What a person writes into a cell, read exactly."""

from decimal import Decimal

import pytest

from huakai.evaluation.rules import cells
from huakai.evaluation.types import Absence, Reading
from huakai.kernel.errors import RuleBroken


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (12, "12"),
        (0, "0"),
        (0.1 + 0.2, "0.3"),
        (True, "1"),
        ("12.50", "12.5"),
        ("1,234", "1234"),
        ("－3.2", "-3.2"),
        ("−3.2", "-3.2"),
        ("１２％", "12"),
        (" 7 ", "7"),
        ("是", "1"),
        ("0.12345678901", "0.1234567890"),
    ],
)
def test_a_number_is_read(raw: object, value: str) -> None:
    assert cells.reading_of(raw) == Reading(Decimal(value))


@pytest.mark.parametrize("raw", [None, "", "  ", "　"])
def test_an_empty_cell_says_nothing(raw: object) -> None:
    assert cells.reading_of(raw) is None


@pytest.mark.parametrize(
    ("raw", "absence"),
    [("未报", Absence.MISSING), ("迟报", Absence.LATE), ("不适用", Absence.NOT_APPLICABLE)],
)
def test_a_reason_is_read_and_printed_back(raw: str, absence: Absence) -> None:
    assert cells.reading_of(raw) == Reading(absence=absence)
    assert cells.PRINTED[absence] == raw


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("三成", "not_a_number"),
        ("-", "not_a_number"),
        ("NaN", "not_a_number"),
        (float("inf"), "not_a_number"),
        ("1e15", "number_too_large"),
    ],
)
def test_what_is_no_number_is_refused_in_words(raw: object, code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        cells.reading_of(raw)
    assert refused.value.code == code
