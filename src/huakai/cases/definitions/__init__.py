"""What a pack says about flows, the service catalogue and search."""

from huakai.cases.definitions.catalogue import Catalogue, Category, Route, Service
from huakai.cases.definitions.flow import CallerClock, Flow, Move, Offers, Rater, Rating, Stage, StepTitle
from huakai.cases.definitions.needs import (
    AllOf,
    AnyOf,
    HasMinutes,
    HasReason,
    HasResult,
    HasTaker,
    HasUnit,
    MinPhotos,
    Need,
)
from huakai.cases.definitions.search import SearchWords
from huakai.cases.definitions.words import Code, SpanDef, Title, Tone

__all__ = [
    "AllOf",
    "AnyOf",
    "CallerClock",
    "Catalogue",
    "Category",
    "Code",
    "Flow",
    "HasMinutes",
    "HasReason",
    "HasResult",
    "HasTaker",
    "HasUnit",
    "MinPhotos",
    "Move",
    "Need",
    "Offers",
    "Rater",
    "Rating",
    "Route",
    "SearchWords",
    "Service",
    "SpanDef",
    "Stage",
    "StepTitle",
    "Title",
    "Tone",
]
