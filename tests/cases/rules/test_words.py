"""Which lexemes a text is found by, and what a question asks for."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huakai.cases.rules import words

KNOWN = {"路灯", "坏", "了", "水管", "漏水", "窨井盖", "网格员", "单元", "文化路", "花园", "报修"}
HAN = "路灯坏了水管漏窨井盖网格员㐀〇𠮷豈"
TSQUERY = re.compile(r"'[^\W_]+'(:\*)?( & '[^\W_]+'(:\*)?)*")


def by_longest(run: str) -> list[str]:
    """A small segmenter for tests: the longest known word, else one character, numbers whole."""
    found = []
    while run:
        length = next((n for n in range(min(5, len(run)), 1, -1) if run[:n] in KNOWN), 0)
        length = length or len(re.match(r"[0-9a-z]+|.", run).group())  # type: ignore[union-attr]
        found.append(run[:length])
        run = run[length:]
    return found


def lexemes_of(question: str) -> list[str]:
    """The bare lexemes of a question."""
    return [each.removesuffix(":*").strip("'") for each in question.split(" & ")]


def finds(question: str, *texts: str) -> bool:
    """As PostgreSQL decides it: all lexemes there, a prefix by its beginning."""
    there = words.lexemes(texts)
    return all(
        any(lexeme.startswith(each[1:-3]) for lexeme in there) if each.endswith(":*") else each[1:-1] in there
        for each in question.split(" & ")
    )


def test_units_and_neighbours_are_stored() -> None:
    assert words.lexemes(["路灯坏，3栋", "WiFi"]) == {
        "路",
        "灯",
        "坏",
        "路灯",
        "灯坏",
        "3",
        "栋",
        "3栋",
        "wifi",
    }


@pytest.mark.parametrize(
    ("asked", "question"),
    [
        ("路灯坏了", "'路灯' & '坏'"),
        ("网格员 窨井盖", "'网格' & '格员' & '窨井' & '井盖'"),
        ("灯坏", "'灯坏'"),
        ("灯", "'灯'"),
        ("了", "'了'"),
        ("的了", "'的了'"),
        ("3栋2单元漏水", "'3栋' & '栋2' & '2单' & '单元' & '漏水'"),
        ("WiFi", "'wifi':*"),
        ("ＷｉＦｉ密码", "'wifi密' & '密码'"),
        ("１２３４５", "'12345'"),
        ("明远路灯报修", "'明远' & '路灯' & '报修'"),
        ("x", "'x'"),
        ("路灯 路灯", "'路灯'"),
        ("🙂 '&|!():*\\ <->", ""),
        ("", ""),
    ],
)
def test_a_question_asks_for_words_by_their_neighbours(asked: str, question: str) -> None:
    assert words.question(asked, by_longest, {"的", "了"}) == question


def test_only_the_first_eighty_characters_count() -> None:
    assert words.question("路灯" + " " * 78 + "水管", by_longest) == "'路灯'"
    assert len(lexemes_of(words.question("井" * 10_000, by_longest))) == 1


def test_a_very_long_foreign_word_is_stored_in_pieces() -> None:
    assert max(len(lexeme.encode()) for lexeme in words.lexemes(["x" * 2000])) <= 64
    address = "www" + "x" * 70
    assert finds(words.question(address, by_longest), f"见{address}。")
    assert finds(words.question(address[:20], by_longest), f"见 {address}。")


@given(st.text(max_size=200), st.text(max_size=3))
def test_whatever_is_typed_the_question_is_well_formed(asked: str, left_out: str) -> None:
    question = words.question(asked, by_longest, set(left_out))
    assert question == "" or TSQUERY.fullmatch(question)


@given(st.text(st.sampled_from(HAN), min_size=1, max_size=30), st.data())
def test_what_stands_side_by_side_is_always_found(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    part = text[start : data.draw(st.integers(start + 1, len(text)))]
    assert finds(words.question(part, by_longest), f"前，{text}。")


@given(st.text(st.sampled_from("路灯坏了水管漏窨井盖网格员"), min_size=2, max_size=2), st.text(max_size=40))
def test_two_characters_are_found_where_they_stand_side_by_side_and_nowhere_else(
    pair: str, text: str
) -> None:
    assert finds(words.question(pair, by_longest, {"了"}), text) is (pair in words.folded(text))


@given(st.text(max_size=60))
def test_wherever_the_segmenter_cuts_no_character_is_lost(run: str) -> None:
    units = words.UNIT.findall("".join(words.RUN.findall(words.folded(run))))
    cut_badly = words._words(units, lambda whole: [whole[:1], whole[1:4], whole[4:]], set())
    assert [unit for word in cut_badly for unit in word] == units


DECADE = 10 * 365 * 86_400_000


@given(st.integers(0, 2**47), st.integers(1, 5 * DECADE), st.floats(0, 1, exclude_max=True))
def test_a_case_lies_in_the_blocks_around_its_time(start: int, length: int, share: float) -> None:
    asked = words.blocks_between(start, start + length)
    blocks = set(asked.replace("'", "").split(" | "))
    assert len(blocks) <= words.MANY_BLOCKS
    assert asked == "" or blocks & words.blocks_of(start + int(length * share))
    assert asked or length > 3 * DECADE


def test_no_text_holds_the_lexeme_of_a_block() -> None:
    assert not words.lexemes(["@23:212345 @23:"]) & words.blocks_of(212345 << 23)


@given(st.integers(words.SOONEST, 2**45), st.integers(0, 50))
def test_the_next_stretch_is_as_long_as_what_was_found_promises(passed: int, found: int) -> None:
    following = words.next_stretch(passed, found, 51)
    assert int(passed * words.LEAST) <= following <= passed * words.MOST
    if found == 0:
        assert following == passed * words.MOST


def test_a_search_begins_with_the_last_nine_hours() -> None:
    assert words.next_stretch(0, 0, 51) == words.SOONEST
