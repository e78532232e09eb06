"""Laws of the two lists, for any values: order of rows, disjointness, direction, ties."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huakai.evaluation.definitions import Board
from huakai.evaluation.rules import boards
from huakai.evaluation.types import BoardUnit, Cell, Part, Reading

UNITS = tuple(BoardUnit(f"U{n:02d}", f"单位{n}", "town" if n < 5 else "street", n) for n in range(11))
VALUES = st.lists(st.integers(-4, 4).map(lambda n: Decimal(n) / 2), min_size=2, max_size=11)


def _board(better: str, pooling: str, places: int, ties: str = "all") -> Board:
    cut = {"cut": "places", "count": places, "ties": ties}
    direction = {"better": better, "target": 0} if better == "target" else {"better": better}
    method = {"method": "direct", "direction": direction, "measure": "%", "decimals": 1}
    ranking = {"method": method, "groups": ["town", "street"], "pooling": pooling, "red": cut, "yellow": cut}
    groups = [{"code": g, "unit_group": g, "title": g, "title_en": g} for g in ("town", "street")]
    text = dict.fromkeys(("title", "title_en"), "x")
    item = {"code": "item", **text, "ranking": ranking}
    return Board.model_validate(
        {
            "schema_version": 1,
            "code": "b",
            **text,
            "short_title": "x",
            "short_title_en": "x",
            "source_line": "x",
            "source_line_en": "x",
            "red": text,
            "yellow": text,
            "groups": groups,
            "sections": [{"code": "s", **text, "items": [item]}],
        }
    )


def _part(board: Board, values: dict[str, Decimal], units: tuple[BoardUnit, ...]) -> Part:
    cells = {Cell("item", "", code): Reading(value) for code, value in values.items()}
    view = boards.board_view(boards.BoardFacts(board, "p", units, cells))
    return view.parts()[0][2]


BOARDS = st.builds(
    _board,
    st.sampled_from(["more", "less", "target"]),
    st.sampled_from(["pooled", "per_group"]),
    st.integers(1, 3),
    st.sampled_from(["all", "none"]),
)


@given(BOARDS, VALUES, st.randoms())
def test_the_order_in_which_units_arrive_changes_nothing(board, values, random) -> None:  # type: ignore[no-untyped-def]
    units = UNITS[: len(values)]
    given_values = dict(zip((u.code for u in units), values, strict=True))
    shuffled = list(units)
    random.shuffle(shuffled)
    assert _part(board, given_values, units) == _part(board, given_values, tuple(shuffled))


@given(BOARDS, VALUES)
def test_no_unit_is_on_both_lists_unless_a_person_is_called(board, values) -> None:  # type: ignore[no-untyped-def]
    units = UNITS[: len(values)]
    cells = {Cell("item", "", u.code): Reading(v) for u, v in zip(units, values, strict=True)}
    view = boards.board_view(boards.BoardFacts(board, "p", units, cells))
    part = view.parts()[0][2]
    assert part.red is not None
    assert part.yellow is not None
    both = set(part.red.units) & set(part.yellow.units)
    assert {u for t in view.troubles if t.code == "overlap" for u in t.units} == both


@given(BOARDS, VALUES)
def test_equal_units_share_their_fate_and_a_better_one_never_fares_worse(board, values) -> None:  # type: ignore[no-untyped-def]
    units = UNITS[: len(values)]
    part = _part(board, dict(zip((u.code for u in units), values, strict=True)), units)
    assert part.red is not None
    assert part.yellow is not None
    pooled = board.sections[0].items[0].ranking.pooling == "pooled"
    for one in part.standings:
        for other in part.standings:
            if not pooled and one.unit.group != other.unit.group:
                continue
            assert one.rank is not None
            assert other.rank is not None
            if one.rank <= other.rank:
                assert (one.unit in part.red.units) >= (other.unit in part.red.units)
                assert (one.unit in part.yellow.units) <= (other.unit in part.yellow.units)


@given(VALUES.filter(lambda v: len(v) >= 3), st.integers(1, 3))
def test_the_note_counts_exactly_the_units_tied_at_the_last_place(values, places) -> None:  # type: ignore[no-untyped-def]
    units = UNITS[: len(values)]
    part = _part(
        _board("more", "pooled", places), dict(zip((u.code for u in units), values, strict=True)), units
    )
    assert part.red is not None
    listed = [dict(zip((u.code for u in units), values, strict=True))[u.code] for u in part.red.units]
    notes = [row.tied for row in part.red.rows if row.tied]
    if len(listed) > places:
        assert notes == [values.count(min(listed))]
        assert notes[0] > 1
    else:
        assert notes == []


@pytest.mark.parametrize(("ties", "expected"), [("all", 3), ("none", 1)])
def test_ties_at_the_last_place_are_all_listed_or_all_left_out(ties: str, expected: int) -> None:
    values = {"U00": Decimal(9), "U01": Decimal(5), "U02": Decimal(5), "U03": Decimal(1), "U04": Decimal(0)}
    part = _part(_board("more", "pooled", 2, ties), values, UNITS[:5])
    assert part.red is not None
    assert len(part.red.units) == expected


def test_two_equal_units_that_just_fill_the_places_carry_no_note() -> None:
    values = {u.code: Decimal(n) for n, u in enumerate(UNITS)} | {"U10": Decimal(50), "U09": Decimal(50)}
    part = _part(_board("more", "pooled", 2), values, UNITS)
    assert part.red is not None
    assert [(len(r.units), r.tied) for r in part.red.rows] == [(1, 0), (1, 0)]


def test_ranks_are_competition_ranks() -> None:
    values = {"U00": Decimal(9), "U01": Decimal(5), "U02": Decimal(5), "U03": Decimal(1)}
    part = _part(_board("more", "pooled", 1), values, UNITS[:4])
    assert [(s.rank, s.shared) for s in part.standings] == [(1, 1), (2, 2), (2, 2), (4, 1)]
