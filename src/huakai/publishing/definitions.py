"""The pack section "publishing": what a wall shows. One file, one wall."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from huakai.packs.definitions import PackModel, Part

Text = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class BoardShow(Part):
    """The newest published issue of a board, some items at a time."""

    kind: Literal["board"]
    board: Code
    seconds: Annotated[int, Field(ge=5, le=300)] = 20
    items_per_scene: Annotated[int, Field(ge=1, le=6)] = 5
    matrix_groups: Annotated[tuple[Code, ...], Field(min_length=1)]
    """Groups of units whose red and yellow marks stand in the middle."""


class Counter(Part):
    """A number counted from records; `key` is one the platform counts."""

    key: Code
    title: Text
    title_en: Text
    measure: Text
    measure_en: Text


class LiveShow(Part):
    """Counters that move while one looks."""

    kind: Literal["live"]
    seconds: Annotated[int, Field(ge=2, le=300)] = 5
    counters: Annotated[tuple[Counter, ...], Field(min_length=1, max_length=12)]


class Wall(PackModel):
    """A wall of a place."""

    show: Annotated[BoardShow | LiveShow, Field(discriminator="kind")]
