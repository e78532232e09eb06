"""Worth of a deed, by property."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from huakai.ledger import rules
from huakai.ledger.definitions import TariffItem
from huakai.ledger.types import Credit, Kind, Owner, OwnerKind

ITEM = TariffItem(code="service", title="服务", title_en="Service", minutes_per_minute=1, points_per_hour=10)
people = st.integers(1, 5).map(lambda n: Owner(OwnerKind.PERSON, UUID(int=n)))
credits_of = st.lists(st.builds(Credit, owner=people, minutes=st.integers(0, 1440)), max_size=12)


@given(credits_of)
def test_legs_cancel_out_for_every_kind(given_credits: list[Credit]) -> None:
    legs = rules.legs_of(given_credits, ITEM)
    for kind in Kind:
        assert sum(amount for (_, of), amount in legs.items() if of is kind) == 0


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_points_never_round_up(first: int, second: int) -> None:
    assert rules.points_of(first, ITEM) * 60 <= first * 10
    assert rules.points_of(first, ITEM) + rules.points_of(second, ITEM) <= rules.points_of(
        first + second, ITEM
    )


def test_worked_example_of_the_points_page() -> None:
    assert [rules.points_of(m, ITEM) for m in (0, 5, 6, 50, 60, 90)] == [0, 0, 1, 8, 10, 15]
