"""The menu of a place: categories, services, routes."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from huakai.cases.definitions.forms import FieldDef
from huakai.cases.definitions.words import Code, Title
from huakai.packs.definitions import PackModel, Part


class Category(Part):
    """A kind of need as residents and desks name it."""

    code: Code
    title: Title
    title_en: Title
    kind: Literal["order", "demand", "enterprise"]
    icon: str = "circle-help"
    flow: Code
    tag: str = ""
    """Code in a place's taxonomy (五为 …)."""
    example: str = ""
    form: tuple[FieldDef, ...] = ()
    """What is asked beside the free text when a case of this kind is opened."""


class Service(Part):
    """One thing on the menu: what it is, which skill it takes, how long it is planned."""

    code: Code
    title: Title
    title_en: Title
    category: Code
    skill: Code
    planned_minutes: Annotated[int, Field(ge=5, le=600)]
    max_minutes: Annotated[int, Field(ge=5, le=1440)]
    people: Annotated[int, Field(ge=1, le=20)] = 1
    note: str = ""
    note_en: str = ""
    tag: str = ""
    featured: bool = False


class Route(Part):
    """Which unit a demand of a category is proposed to."""

    category: Code
    unit_code: Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{2,24}$")]


class VisitKind(Part):
    """A kind of visit or patrol: who goes, and the categories its findings become (rows JL-04, TJ-06)."""

    code: Code
    title: Title
    title_en: Title
    categories: Annotated[tuple[Code, ...], Field(min_length=1)]


class Catalogue(PackModel):
    """Part of a place's menu; all catalogue files of a pack are read together."""

    categories: tuple[Category, ...] = ()
    services: tuple[Service, ...] = ()
    routes: tuple[Route, ...] = ()
    visit_kinds: tuple[VisitKind, ...] = ()
    visit_times: tuple[
        Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")], ...
    ] = ()
    """Times of day residents may choose for a visit; none: they write one."""
    visit_notice_minutes: Annotated[int, Field(ge=0, le=1440)] = 90
    """How long before a visit it must be ordered; never sooner than its flow promises to dispatch it."""
    visit_capacity: Annotated[int, Field(ge=1, le=999)] | None = None
    """How many visits one of these times takes in one area (village, community); none: no limit."""
