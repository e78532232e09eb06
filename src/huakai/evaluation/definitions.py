"""The pack section "evaluation": a board template as data. One file, one board."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from huakai.packs.definitions import PackModel, Part

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
UnitCode = Annotated[str, Field(pattern=r"^[0-9A-Z]{2,24}$")]
Text = Annotated[str, Field(min_length=1, max_length=120)]
Decimals = Annotated[int, Field(ge=0, le=6)]
RowLength = Annotated[int, Field(ge=1, le=6)]
Exact = Annotated[Decimal, Field(allow_inf_nan=False)]


class Group(Part):
    """Units measured together. `unit_group` is the group the registry writes on a unit."""

    code: Code
    unit_group: str
    title: Text
    title_en: Text


class ListTitle(Part):
    """The printed name of a list."""

    title: Text
    title_en: Text


class Direction(Part):
    """More is better, less is better, or nearest to a target."""

    better: Literal["more", "less", "target"]
    target: Exact | None = None

    @model_validator(mode="after")
    def _target_is_given_when_it_counts(self) -> "Direction":
        if (self.better == "target") != (self.target is not None):
            raise ValueError("a target belongs to `better: target`, and only there")
        return self


class Places(Part):
    """The first (or last) `count` places. `ties: all` lists every unit tied at the last place."""

    cut: Literal["places"]
    count: Annotated[int, Field(ge=1, le=50)]
    ties: Literal["all", "none"] = "all"
    per_row: RowLength = 1
    tied_per_row: RowLength = 2


class Line(Part):
    """Red: at the line or better. Yellow: worse than the line."""

    cut: Literal["line"]
    value: Exact
    per_row: RowLength = 1


class Named(Part):
    """Red list of a named list: every unit named, most first."""

    cut: Literal["named"]
    per_row: RowLength = 1


class NoneClaimed(Part):
    """Yellow list of a named list: units of these groups that claimed nothing; all of them are tied."""

    cut: Literal["none_claimed"]
    groups: Annotated[tuple[Code, ...], Field(min_length=1)]
    tied_per_row: RowLength = 2


Cut = Annotated[Places | Line | Named | NoneClaimed, Field(discriminator="cut")]
Rounding = Literal["half_up", "half_even", "down"]


class Direct(Part):
    """直接对比: rank by the reported value at the declared precision."""

    method: Literal["direct"]
    direction: Direction
    measure: Text
    decimals: Decimals
    rounding: Rounding = "half_up"


class Component(Part):
    """One value of a weighted average. With `worst` and `best` it becomes 0 to 100 points first."""

    code: Code
    title: Text
    title_en: Text
    measure: Text
    weight: Annotated[Exact, Field(gt=0, le=1)]
    worst: Exact | None = None
    best: Exact | None = None

    @model_validator(mode="after")
    def _goalposts_come_in_pairs(self) -> "Component":
        if (self.worst is None) != (self.best is None) or (
            self.worst is not None and self.worst == self.best
        ):
            raise ValueError("`worst` and `best` come together and differ")
        return self


class WeightedAverage(Part):
    """加权平均: weights sum to 1 exactly; a component that does not apply gives its weight to the others."""

    method: Literal["weighted_average"]
    direction: Direction
    measure: Text
    decimals: Decimals
    rounding: Rounding = "half_up"
    components: Annotated[tuple[Component, ...], Field(min_length=2)]
    min_weight: Annotated[Exact, Field(gt=0, le=1)] = Decimal(1)
    """Least weight that must apply; below it the unit is not ranked."""


class NamedList(Part):
    """名单: the office names units (how many times), no ranking. `claims` counts what units went for."""

    method: Literal["named_list"]
    measure: Text
    claims: Text | None = None
    claims_en: Text | None = None


Method = Annotated[Direct | WeightedAverage | NamedList, Field(discriminator="method")]


class Ranking(Part):
    """What is compared among whom, and which lists come out of it."""

    method: Method
    groups: tuple[Code, ...] = ()
    units: tuple[UnitCode, ...] = ()
    """Single units measured besides the groups; an item borne by one department names only that one."""
    pooling: Literal["pooled", "per_group"] = "pooled"
    red: Cut | None = None
    yellow: Cut | None = None
    span: Literal["cumulative", "period"] = "cumulative"
    owner: UnitCode | None = None
    """The department that owns the data."""


class SubItem(Part):
    """An unnumbered part of an item, ranked alone."""

    code: Code
    title: Text
    title_en: Text
    ranking: Ranking


class Item(Part):
    """A numbered item: ranked itself, or through its sub-items."""

    code: Code
    title: Text
    title_en: Text
    note: str = ""
    note_en: str = ""
    ranking: Ranking | None = None
    sub_items: tuple[SubItem, ...] = ()

    @model_validator(mode="after")
    def _ranked_once(self) -> "Item":
        if (self.ranking is None) != bool(self.sub_items):
            raise ValueError("an item has either `ranking` or `sub_items`")
        return self


class SectionDef(Part):
    """A section of the board; its items are numbered 01, 02 … in the order given."""

    code: Code
    title: Text
    title_en: Text
    items: Annotated[tuple[Item, ...], Field(min_length=1)]


class Board(PackModel):
    """A red and yellow board: what is measured, how it is ranked, what is printed."""

    short_title: Text
    short_title_en: Text
    source_line: Text
    source_line_en: Text
    red: ListTitle
    yellow: ListTitle
    groups: Annotated[tuple[Group, ...], Field(min_length=1)]
    sections: Annotated[tuple[SectionDef, ...], Field(min_length=1)]

    def rankings(self) -> tuple[tuple[str, Item, SubItem | None, Ranking], ...]:
        """Every ranked part in print order: part code (`item` or `item.sub`), item, sub-item, ranking."""
        found: list[tuple[str, Item, SubItem | None, Ranking]] = []
        for section in self.sections:
            for item in section.items:
                if item.ranking is not None:
                    found.append((item.code, item, None, item.ranking))
                found += [(f"{item.code}.{sub.code}", item, sub, sub.ranking) for sub in item.sub_items]
        return tuple(found)
