"""Closed vocabulary of what a move may need. A new word: one class here, one branch in the rules, one test."""

from typing import Annotated, Literal

from pydantic import Field

from huakai.packs.definitions import Part


class HasResult(Part):
    """The move needs a result text."""

    check: Literal["has_result"]


class HasReason(Part):
    """The move needs a reason."""

    check: Literal["has_reason"]


class HasMinutes(Part):
    """The move needs minutes served, at most the service's cap."""

    check: Literal["has_minutes"]


class MinPhotos(Part):
    """The move needs so many photos."""

    check: Literal["min_photos"]
    count: Annotated[int, Field(ge=1, le=20)]


class HasUnit(Part):
    """The move needs a responsible unit."""

    check: Literal["has_unit"]


class HasTaker(Part):
    """The move needs somebody to be asked."""

    check: Literal["has_taker"]


class AnyOf(Part):
    """One of the checks suffices."""

    check: Literal["any"]
    of: tuple["Need", ...]


class AllOf(Part):
    """Every check must hold."""

    check: Literal["all"]
    of: tuple["Need", ...]


Need = Annotated[
    HasResult | HasReason | HasMinutes | MinPhotos | HasUnit | HasTaker | AnyOf | AllOf,
    Field(discriminator="check"),
]
