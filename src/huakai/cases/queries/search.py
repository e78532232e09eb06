"""Full-text search of cases: a number, a telephone in full, the beginning of a shown name, or words of the texts."""

import importlib
import re
from collections.abc import Iterator
from threading import Lock
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, OuterRef, QuerySet

from huakai.cases import rules
from huakai.cases.definitions import SearchWords
from huakai.cases.models import Case, CaseWords
from huakai.packs import queries as packs
from huakai.registry import queries as registry

PHONE_DIGITS = 11
NUMBER_DIGITS = 18
SHOWN_NAME = re.compile(r"[^\W\d_]{1,2}\*+")
LONGEST = 80

_lock = Lock()
_taught: set[UUID] = set()
_left_out: set[str] = set()


def matching(rows: QuerySet[Case], text: str) -> QuerySet[Case]:
    """`rows` narrowed to what `text` asks for; all of it must be found. Never fails, whatever the text is.

    Digits that are the number of one of the rows, or a whole telephone, find just that; `王*` finds callers as they
    are shown.
    """
    text = text.replace("\x00", "").strip()[:LONGEST]
    if text.isdecimal() and len(text) < NUMBER_DIGITS:
        found = _by_digits(rows, text)
        if found is not None:
            return found
    if SHOWN_NAME.fullmatch(text):
        return rows.filter(requester__name_masked__startswith=text)
    asked = rules.question(text, cut, left_out())
    if not asked:
        return rows.none()
    return rows.filter(pk__in=CaseWords.objects.filter(words=_Question(asked)).values("case_id"))


def _by_digits(rows: QuerySet[Case], digits: str) -> QuerySet[Case] | None:
    by_number = rows.filter(number=int(digits))
    if by_number.exists():
        return by_number
    person = registry.person_by_phone(digits) if len(digits) == PHONE_DIGITS else None
    return rows.filter(requester_id=person) if person else None


class _Question(SearchQuery):
    """A tsquery written into the statement: as a parameter the planner could not tell frequent words from rare ones.

    `rules.question` builds it of letters and digits; anything else is refused here once more.
    """

    def __init__(self, asked: str) -> None:
        super().__init__(asked)
        if not asked.replace("':*", "'").replace(" & ", "").replace("'", "").isalnum():
            raise ValueError("not a question of rules.question")
        self.asked = asked

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
    ids = list(rows[:batch])
    while ids:
        yield ids
        ids = list(rows.filter(pk__lt=ids[-1])[:batch])


def _to_index(*, missing_only: bool) -> QuerySet[Case]:
    rows = Case.objects.all()
    return rows.filter(~Exists(CaseWords.objects.filter(case_id=OuterRef("pk")))) if missing_only else rows
