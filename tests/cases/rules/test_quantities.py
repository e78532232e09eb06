"""What a sum of marked amounts may still claim."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huakai.cases.rules import mark_of_sum


@pytest.mark.parametrize(
    ("marks", "mark"),
    [([], ""), (["", ""], ""), (["余", ""], "余"), (["近"], "近"), (["余", "近"], "约"), (["约", ""], "约")],
)
def test_a_sum_claims_no_more_than_its_parts(marks: list[str], mark: str) -> None:
    assert mark_of_sum(marks) == mark


@given(st.lists(st.sampled_from(["", "余", "近", "约"])))
def test_the_order_of_the_parts_does_not_matter_and_exactness_never_comes_back(marks: list[str]) -> None:
    assert mark_of_sum(marks) == mark_of_sum(marks[::-1])
    assert bool(mark_of_sum(marks)) == any(marks)
