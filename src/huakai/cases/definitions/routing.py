"""Who a case goes to: numbered rules, the fallback, and the lists of delegated powers and of catalogue items."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, StrictBool, StringConstraints, model_validator

from huakai.cases.definitions.words import Code, SpanDef
from huakai.packs.definitions import PackModel, Part

UnitCode = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{2,24}$")]
Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Because = Annotated[str, StringConstraints(min_length=1, max_length=200)]
ListCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]{0,39}$")]
"""Codes of powers and items: they may be plain numbers of the printed list."""
LEGACY_FROM = 10_000
"""Routes of catalogue files are numbered from here on: they come after every numbered rule."""


def _listed(value: Any) -> Any:
    """One word stands for a list of one."""
    return (value,) if isinstance(value, str) else value


Codes = Annotated[tuple[Code, ...], Field(min_length=1), BeforeValidator(_listed)]
Prefixes = Annotated[tuple[UnitCode, ...], Field(min_length=1), BeforeValidator(_listed)]
Words = Annotated[
    tuple[Annotated[str, StringConstraints(max_length=200)], ...],
    Field(min_length=1),
    BeforeValidator(_listed),
]


class When(Part):
    """What a case must be for the rule to apply. What is not named does not matter; lists mean one of these."""

    category: Codes | None = None
    tag: Words | None = None
    area: Prefixes | None = None
    """Unit codes: the case lies in one of these or anywhere under it."""
    caller: Codes | None = None
    flow: Codes | None = None
    service: Codes | None = None
    place_kind: Codes | None = None
    power: StrictBool | Codes | None = None
    """Names a delegated power: true any on the list, false one that is not on it, or one of these kinds."""
    item: StrictBool | Codes | None = None
    """Names an item: true any in the catalogue, false one that is not in it, or one of these kinds."""
    weekday: Annotated[tuple[Annotated[int, Field(ge=1, le=7)], ...], Field(min_length=1)] | None = None
    """1 is Monday."""
    starts_at: Clock | None = None
    ends_at: Clock | None = None
    """Time of day, half-open; from 18:00 until 08:00 goes over midnight. One without the other reaches to midnight."""
    answers: Mapping[str, Words] = {}
    """Answers of the form by field: one of these values."""

    @model_validator(mode="after")
    def _some_time(self) -> Self:
        if self.starts_at is not None and self.starts_at == self.ends_at:
            raise ValueError("starts_at and ends_at are the same time of day")
        return self


class Target(Part):
    """The unit a rule names, one of three ways."""

    unit: UnitCode | None = None
    level: Codes | None = None
    """Unit kinds: the first of these that the area is or lies in."""
    owner_of: Literal["power", "item"] | None = None
    """The town a power is delegated to where the case lies, else its department; the owner of an item."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if sum(each is not None for each in (self.unit, self.level, self.owner_of)) != 1:
            raise ValueError("exactly one of unit, level, owner_of")
        return self


class RoutingRule(Part):
    """One line of the decision table; the lowest number that applies decides."""

    number: Annotated[int, Field(ge=1, lt=LEGACY_FROM)]
    when: When
    to: Target
    because: Because
    because_en: Because
    prevails: bool = False
    """Meant to win over every later rule it overlaps with: such overlaps are not reported."""


class Otherwise(Part):
    """Who takes what no rule catches (row ZK-02): no case is left without a unit."""

    to: Target
    because: Because
    because_en: Because

    @model_validator(mode="after")
    def _always_there(self) -> Self:
        if self.to.owner_of is not None:
            raise ValueError("the fallback names a unit or a level")
        return self


class RoutingTable(PackModel):
    """`routing/<code>.yaml`. All files of a place make one table; exactly one of them has the fallback."""

    rules: tuple[RoutingRule, ...] = ()
    otherwise: Otherwise | None = None


class ListKind(Part):
    """A kind of power or item, as the printed list heads it."""

    code: Code
    title: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    title_en: Annotated[str, StringConstraints(min_length=1, max_length=60)]


class Delegation(Part):
    """To which towns a power was given, from which day to which (half-open)."""

    towns: Annotated[tuple[UnitCode, ...], Field(min_length=1)]
    since: date
    until: date | None = None


class Power(Part):
    """A power of a department, and the towns that chose it (row TZ-04)."""

    code: ListCode
    title: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    title_en: str = ""
    kind: Code
    department: UnitCode
    delegated: tuple[Delegation, ...] = ()


class Item(Part):
    """An item of the catalogue of duties in the grid, and who owns it (row JG-02)."""

    code: ListCode
    title: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    title_en: str = ""
    kind: Code
    owner: UnitCode
    due: SpanDef | None = None


class PowerBook(PackModel):
    """`powers/<code>.yaml`: printed lists of powers and of items; all files of a place are read together."""

    version: Annotated[str, StringConstraints(max_length=60)] = ""
    """As the document names its state; the edition of the pack dates it."""
    source: Annotated[str, StringConstraints(max_length=200)] = ""
    kinds: tuple[ListKind, ...] = ()
    powers: tuple[Power, ...] = ()
    items: tuple[Item, ...] = ()
