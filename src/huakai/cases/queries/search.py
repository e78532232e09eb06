"""Full-text search of cases: a number, a telephone in full, the beginning of a shown name, or words of the texts."""

import importlib
import re
from collections.abc import Iterator
from threading import Lock
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from huakai.cases import rules
from huakai.cases.definitions import SearchWords
from huakai.cases.models import Case, CaseWords
from huakai.kernel import ids
from huakai.packs import queries as packs
from huakai.registry import queries as registry

PHONE_DIGITS = 11
NUMBER_DIGITS = 18
BLOCKS = re.compile(r"[@:0-9' |]*")
SHOWN_NAME = re.compile(r"[^\W\d_]{1,2}\*+")
LONGEST = 80

_ENDS = """
    SELECT (SELECT id FROM cases_case ORDER BY id LIMIT 1), (SELECT id FROM cases_case ORDER BY id DESC LIMIT 1)"""
_lock = Lock()
_taught: set[UUID] = set()
_left_out: set[str] = set()


def matching(rows: QuerySet[Case], text: str) -> QuerySet[Case]:
    """`rows` narrowed to what `text` asks for; all of it must be found. Never fails, whatever the text is.

    Digits that are the number of one of the rows, or a whole telephone, find just that; `王*` finds callers as they
    are shown.
    """
    known, asked = _read(rows, text)
    return known if known is not None else rows.filter(_holds(asked))


def first_matching(
    rows: QuerySet[Case], text: str, *, count: int, beyond: UUID | None = None, oldest_first: bool = False
) -> QuerySet[Case]:
    """The first `count` of what `text` finds, newest first (or oldest first), of those `beyond` a case.

    Looks at the nearest stretch of time first and goes on only while it has too few, so a word in every other case
    costs no more than a rare one: a search must not read all it could find to show a page of it.
    """
    known, asked = _read(rows, text)
    order = "id" if oldest_first else "-id"
    if beyond is not None:
        rows = rows.filter(**{"pk__gt" if oldest_first else "pk__lt": beyond})
        known = known.filter(pk__in=rows.values("pk")) if known is not None else None
    if known is not None:
        return known.order_by(order)[:count]
    found: list[UUID] = []
    for start, end in _stretches(beyond, found, count, oldest_first=oldest_first):
        held = _holds(asked, rules.blocks_between(start, end))
        part = rows.filter(held, pk__gte=ids.first_of(start), pk__lt=ids.first_of(end)).order_by(order)
        found += part.values_list("pk", flat=True)[: count - len(found)]
    return Case.objects.filter(pk__in=found).order_by(order)


def _stretches(
    beyond: UUID | None, found: list[UUID], count: int, *, oldest_first: bool
) -> Iterator[tuple[int, int]]:
    """From where the reader stands to the last case there is, for as long as too little is found; milliseconds."""
    with connection.cursor() as cursor:
        cursor.execute(_ENDS)
        oldest, newest = cursor.fetchone()
    if oldest is None:
        return
    first, last = ids.ms_of(oldest), ids.ms_of(newest) + 1
    if beyond is not None and oldest_first:
        first = max(first, ids.ms_of(beyond))
    elif beyond is not None:
        last = min(last, ids.ms_of(beyond) + 1)
    passed = 0
    while first < last and len(found) < count:
        length = min(rules.next_stretch(passed, len(found), count), last - first)
        yield (first, first + length) if oldest_first else (last - length, last)
        first, last = (first + length, last) if oldest_first else (first, last - length)
        passed += length


def _read(rows: QuerySet[Case], text: str) -> tuple[QuerySet[Case] | None, str]:
    """(the rows a number, a telephone or a shown name finds, else None; the question)."""
    text = text.replace("\x00", "").strip()[:LONGEST]
    if text.isdecimal() and len(text) < NUMBER_DIGITS:
        found = _by_digits(rows, text)
        if found is not None:
            return found, ""
    if SHOWN_NAME.fullmatch(text):
        return rows.filter(requester__name_masked__startswith=text), ""
    asked = rules.question(text, cut, left_out())
    return (None, asked) if asked else (rows.none(), "")


def _by_digits(rows: QuerySet[Case], digits: str) -> QuerySet[Case] | None:
    by_number = rows.filter(number=int(digits))
    if by_number.exists():
        return by_number
    person = registry.person_by_phone(digits) if len(digits) == PHONE_DIGITS else None
    return rows.filter(requester_id=person) if person else None


def _holds(asked: str, blocks: str = "") -> Q:
    return Q(pk__in=CaseWords.objects.filter(words=_Question(asked, blocks)).values("case_id"))


class _Question(SearchQuery):
    """A tsquery written into the statement: as a parameter the planner could not tell frequent words from rare ones.

    `rules.question` builds it of letters and digits; anything else is refused here once more.
    """

    def __init__(self, asked: str, blocks: str = "") -> None:
        super().__init__(asked)
        bare = asked.replace("':*", "'").replace(" & ", "").replace("'", "")
        if not bare.isalnum() or not BLOCKS.fullmatch(blocks):
            raise ValueError("not a question of rules.question")
        self.asked = f"{asked} & ({blocks})" if blocks else asked

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> Any:
        quoted = self.asked.replace("'", "''")
        return f"'{quoted}'::tsquery", []


def cut(run: str) -> list[str]:
    """The words of a run by the general dictionary and the packs' own."""
    with _lock:  # the dictionary is one per process and cannot be read while it learns
        found: list[str] = _dictionary().cut(run)
    return found


def left_out() -> set[str]:
    """Words not worth asking for."""
    with _lock:
        _dictionary()
    return _left_out


def _dictionary() -> Any:
    """The segmenter, loaded at the first search (0.1 s), taught the words of every place's edition in force."""
    rjieba = importlib.import_module("rjieba")
    for _, pack_code in packs.published_places():
        view = packs.current(pack_code)
        if view.id in _taught:
            continue
        for file in view.all("search").values():
            if isinstance(file, SearchWords):
                _left_out.update(file.left_out)
                for word in file.words:
                    rjieba.add_word(word, None, None)
        _taught.add(view.id)
    return rjieba


def count_to_index(*, missing_only: bool) -> int:
    """How many cases there are to index."""
    return _to_index(missing_only=missing_only).count()


def ids_to_index(*, missing_only: bool, batch: int) -> Iterator[list[UUID]]:
    """Their ids, newest first, so that what people look for most is found soonest."""
    rows = _to_index(missing_only=missing_only).order_by("-id").values_list("id", flat=True)
    found = list(rows[:batch])
    while found:
        yield found
        found = list(rows.filter(pk__lt=found[-1])[:batch])


def _to_index(*, missing_only: bool) -> QuerySet[Case]:
    rows = Case.objects.all()
    return rows.filter(~Exists(CaseWords.objects.filter(case_id=OuterRef("pk")))) if missing_only else rows
