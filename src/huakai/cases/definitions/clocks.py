"""Clocks of a flow, the ladder that follows a deadline, pauses and extensions. No default number: all are settings."""

from typing import Annotated, Literal

from pydantic import Field

from huakai.cases.definitions.words import Code, SpanDef, Title
from huakai.cases.types import Who
from huakai.packs.definitions import Part

STAGE, ANSWER, FINISH = "stage", "answer", "finish"
"""The three clocks every flow has: of the stage, of the first answer and of the end (the last two per caller)."""


class Clock(Part):
    """A further clock: runs while the case stands in one of `stages`; `repeats` starts it anew on each feedback."""

    code: Code
    title: Title
    title_en: Title
    kind: Literal["accept", "recheck", "feedback", "own"] = "own"
    stages: Annotated[tuple[Code, ...], Field(min_length=1)]
    span: SpanDef
    repeats: bool = False


class Rung(Part):
    """One step of the ladder 提醒 → 单位负责人 → 中心 → 督办 → 追责: when, counted from the deadline, and what."""

    code: Code
    title: Title
    title_en: Title
    clock: Code = STAGE
    when: Literal["before", "after"] = "after"
    span: SpanDef | None = None
    """None: at the deadline itself."""
    to: Literal["holder", "unit_head", "dispatcher", "supervisor"] = "holder"
    act: Literal["remind", "supervise", "propose_account"] = "remind"
    emergency: bool = False
    """Also at night and on days off."""


class Pause(Part):
    """Clocks may stand still: who may ask, who allows it, and for how long in all."""

    ask: Annotated[tuple[Who, ...], Field(min_length=1)]
    allow: Annotated[tuple[Who, ...], Field(min_length=1)]
    cap: SpanDef


class Extension(Part):
    """A deadline may be moved: who may ask, who allows it, how often, and how far each time."""

    ask: Annotated[tuple[Who, ...], Field(min_length=1)]
    allow: Annotated[tuple[Who, ...], Field(min_length=1)]
    times: Annotated[int, Field(ge=1, le=9)] = 1
    cap: SpanDef
