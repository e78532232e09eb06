"""By which lexemes a text is found, and what a question asks for. docs/decisions/0012-search-words.md says why.

A text is runs of letters and digits; a run is units: one Chinese character, or a stretch of other letters and digits.
Stored are all units and all pairs of neighbours, so whatever stands side by side is found.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import accumulate, pairwise

Cut = Callable[[str], list[str]]
"""A run cut into words that put together are the run."""

LONGEST_QUESTION = 80
BLOCKS = (23, 26, 29, 32, 35)
"""Lengths of the blocks of time a case is filed under, as powers of two of milliseconds: 2 hours … 13 months."""
MANY_BLOCKS = 32
SOONEST, LEAST, MOST = 1 << 25, 0.1, 15
"""The first stretch, 9 hours, and how many times what was passed the next one is."""
LONGEST_UNIT = 32  # an address of the web is cut into pieces; a lexeme may have 2,046 bytes
HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
RUN = re.compile(r"[^\W_]+")
HAN_UNIT = re.compile(f"[{HAN}]")
UNIT = re.compile(f"[{HAN}]|[^{HAN}]{{1,{LONGEST_UNIT}}}")


def folded(text: str) -> str:
    """Full-width forms and capitals as the plain ones (NFKC, lower case)."""
    return unicodedata.normalize("NFKC", text).lower()


def lexemes(texts: Iterable[str]) -> set[str]:
    """Everything a case with these texts is found by."""
    found: set[str] = set()
    for text in texts:
        for run in RUN.findall(folded(text)):
            units = UNIT.findall(run)
            found.update(units)
            found.update(map("".join, pairwise(units)))
    return found


def question(text: str, cut: Cut, left_out: Collection[str] = ()) -> str:
    """The question as the text of a PostgreSQL tsquery; "" when it holds nothing to look for.

    All words are asked for, each with its characters side by side. Words of `left_out` (的, 了) are not asked for
    unless there is nothing else. Holds letters, digits, quotes of its own, `&` and `:*`: no input can break it.
    """
    runs = [UNIT.findall(run) for run in RUN.findall(folded(text[:LONGEST_QUESTION]))]
    words = [word for units in runs for word in _words(units, cut, left_out)]
    words = [word for word in words if "".join(word) not in left_out] or runs
    return " & ".join(dict.fromkeys(lexeme for word in words for lexeme in _side_by_side(word)))


def _words(units: list[str], cut: Cut, left_out: Collection[str]) -> list[list[str]]:
    """The words of a run, each as its units.

    Two units are one word whatever the dictionary says. Lone characters that follow each other are one: most often a
    name it does not know. A number or foreign word belongs to its neighbours: 3栋 is not 栋 somewhere and 3 elsewhere.
    """
    if len(units) <= 2:
        return [units]
    words: list[list[str]] = []
    lone_before = False
    for word in _along(units, cut("".join(units))):
        lone = len(word) == 1 and word[0] not in left_out
        if words and ((lone and lone_before) or not (_is_han(words[-1][-1]) and _is_han(word[0]))):
            words[-1] = words[-1] + word
        else:
            words.append(word)
        lone_before = lone
    return words


def _along(units: list[str], cuts: list[str]) -> Iterator[list[str]]:
    """The units of each cut; a cut within a unit does not count."""
    ends = set(accumulate(map(len, cuts)))
    word: list[str] = []
    at = 0
    for unit in units:
        word.append(unit)
        at += len(unit)
        if at in ends:
            yield word
            word = []
    if word:
        yield word


def _side_by_side(word: list[str]) -> Iterator[str]:
    """A longer word is asked for by its pairs, a lone unit by itself; foreign words may go on: wif finds wifi."""
    if len(word) == 1:
        goes_on = len(word[0]) > 1 and not word[0].isdecimal()
        yield f"'{word[0]}':*" if goes_on else f"'{word[0]}'"
    for first, second in pairwise(word):
        yield f"'{first}{second}'"


def _is_han(unit: str) -> bool:
    return HAN_UNIT.match(unit) is not None


def blocks_of(opened_ms: int) -> set[str]:
    """The lexemes of the blocks a case opened then lies in; no text holds such a lexeme."""
    return {f"@{length}:{opened_ms >> length}" for length in BLOCKS}


def blocks_between(start_ms: int, end_ms: int) -> str:
    """What to ask for beside a question so that only cases of the blocks around [start, end) are looked at.

    "" when that would take too many blocks: thirty years and more.
    """
    for length in BLOCKS:
        first, last = start_ms >> length, (end_ms - 1) >> length
        if last - first < MANY_BLOCKS:
            return " | ".join(f"'@{length}:{number}'" for number in range(first, last + 1))
    return ""


def next_stretch(passed_ms: int, found: int, wanted: int) -> int:
    """How many milliseconds to look at next: as many as should hold the rest, by what was found so far."""
    if not passed_ms:
        return SOONEST
    times = 1.3 * (wanted - found) / found if found else MOST
    return int(passed_ms * min(MOST, max(LEAST, times)))
