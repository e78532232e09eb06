"""Cells of an office's row as values: what does not read becomes a reason on its line, never an exception."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import TypeVar

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from huakai.kernel.imports import Column, ImportLine, Table, problem
from huakai.registry.definitions import Term

T = TypeVar("T")
CHUNK = 4000
MOST_PROBLEMS = 500


@dataclass
class Problems:
    """Refused lines so far; titles are those of the columns."""

    titles: Mapping[str, str]
    found: list[ImportLine] = field(default_factory=list)

    def in_order(self) -> tuple[ImportLine, ...]:
        """As the report shows them: from the top of the file."""
        return tuple(sorted(self.found, key=lambda p: p.line))

    def add(self, line: int, code: str, reason: str, /, **params: object) -> None:
        if len(self.found) < MOST_PROBLEMS:
            self.found.append(problem(line, self.titles.get(code, code), reason, **params))


@dataclass(frozen=True)
class Line:
    """One row and where it complains."""

    number: int
    values: Mapping[str, str]
    problems: Problems

    def refuse(self, code: str, reason: str, /, **params: object) -> None:
        self.problems.add(self.number, code, reason, **params)

    def text(self, code: str, *, most: int = 80) -> str:
        value = self.values.get(code, "").strip()
        if len(value) > most:
            self.refuse(code, _("太长：不超过 {most} 个字"), most=most)
        return value[:most]

    def needed(self, code: str, *, most: int = 80) -> str:
        value = self.text(code, most=most)
        if not value:
            self.refuse(code, _("必填，不能空着"))
        return value

    def day(self, code: str) -> date | None:
        """2026-01-31, 2026/1/31, 2026.1.31 or 2026年1月31日."""
        value = self.values.get(code, "").strip()
        if not value:
            return None
        plain = value.split(" ")[0].replace("年", "-").replace("月", "-").replace("日", "")
        parts = plain.replace("/", "-").replace(".", "-").split("-")
        try:
            year, month, day = (int(p) for p in parts)
            return date(year, month, day)
        except ValueError:
            self.refuse(code, _("日期“{value}”看不懂，请写成 2026-01-31"), value=value)
            return None

    def needed_day(self, code: str) -> date:
        """The first day of time stands in for a refused one; the line is not written anyway."""
        if not self.values.get(code, "").strip():
            self.refuse(code, _("必填，不能空着"))
        return self.day(code) or date.min

    def whole(self, code: str, *, default: int, least: int = 0, most: int = 100_000) -> int:
        value = self.values.get(code, "").strip()
        if not value:
            return default
        if not (value.isascii() and value.isdigit()) or not least <= int(value) <= most:
            self.refuse(code, _("应为 {least} 到 {most} 的整数"), least=least, most=most)
            return default
        return int(value)

    def point(self) -> tuple[float | None, float | None]:
        """Longitude and latitude: both or neither."""
        lon, lat = self._degrees("lon", 180), self._degrees("lat", 90)
        if (lon is None) != (lat is None):
            self.refuse("lon" if lon is None else "lat", _("经度和纬度要一起填"))
            return None, None
        return lon, lat

    def _degrees(self, code: str, limit: int) -> float | None:
        value = self.values.get(code, "").strip()
        if not value:
            return None
        try:
            degrees = float(value)
        except ValueError:
            degrees = limit + 1
        if not -limit <= degrees <= limit:
            self.refuse(code, _("应为 {least} 到 {most} 的度数"), least=-limit, most=limit)
            return None
        return round(degrees, 7)

    def many(self, code: str) -> tuple[str, ...]:
        """A list in one cell, divided by 、 or comma or semicolon."""
        value = self.values.get(code, "")
        for sign in "，,；;":
            value = value.replace(sign, "、")
        return tuple(dict.fromkeys(part.strip() for part in value.split("、") if part.strip()))

    def terms(self, code: str, words: Mapping[str, str]) -> tuple[str, ...]:
        """A list of vocabulary words, by code or title."""
        found = []
        for word in self.many(code):
            if word in words:
                found.append(words[word])
            else:
                self.refuse(code, _("“{word}”不在目录里"), word=word)
        return tuple(dict.fromkeys(found))

    def term(self, code: str, words: Mapping[str, str], *, needed: bool) -> str:
        """One vocabulary word, by code or title."""
        value = self.needed(code) if needed else self.text(code)
        if value and value not in words:
            self.refuse(code, _("“{word}”不在目录里"), word=value)
            return ""
        return words.get(value, "")


def words_of(terms: Iterable[Term]) -> dict[str, str]:
    """Code and both titles → code."""
    return {name: t.code for t in terms for name in (t.title, t.title_en, t.code)}


def lines_of(table: Table, columns: Sequence[Column]) -> tuple[list[Line], Problems]:
    """The rows of a table, sharing one list of problems."""
    zh = (get_language() or "zh-hans").startswith("zh")
    problems = Problems({c.code: c.title if zh else c.title_en for c in columns})
    return [Line(number, values, problems) for number, values in table.rows], problems


def in_chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Slices for set-wise reads and writes."""
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk


def refuse_twice(lines: Iterable[tuple[Line, str]], code: str) -> None:
    """The same key on two lines of one file."""
    seen: dict[str, int] = {}
    for line, key in lines:
        if key and key in seen:
            line.refuse(code, _("与第 {line} 行重复"), line=seen[key])
        seen.setdefault(key, line.number)
