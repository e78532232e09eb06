"""Ids follow time and are valid UUIDv7."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from huakai.kernel.ids import first_of, ms_of, new_id

instants = st.datetimes(datetime(2020, 1, 1), datetime(2200, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001


@given(instants, st.integers(1, 10_000_000))
def test_later_instants_give_greater_ids(at: datetime, microseconds: int) -> None:
    assert new_id(at) < new_id(at + timedelta(microseconds=microseconds))


@given(instants)
def test_an_id_is_a_version_7_uuid_that_tells_its_millisecond(at: datetime) -> None:
    made = new_id(at)
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert ms_of(made) == int(at.timestamp() * 1_000_000) // 1000
    assert first_of(ms_of(made)) < made < first_of(ms_of(made) + 1)


def test_ids_of_one_instant_differ() -> None:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    assert len({new_id(at) for _ in range(1000)}) == 1000
