"""Closed vocabulary of what a move may need. A new word: one class here, one branch in the rules, one test."""

from typing import Annotated, Literal

from pydantic import Field

from huakai.cases.definitions.words import Code
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


class HasOutcome(Part):
    """The move needs an outcome word: one of these, or any of the flow's."""

    check: Literal["has_outcome"]
    of: tuple[Code, ...] = ()


class HasQuantity(Part):
    """The move needs an amount of this code, more than zero."""

    check: Literal["has_quantity"]
    code: Code


class HasFields(Part):
    """The move asks for these fields of the flow's form; required ones must be filled."""

    check: Literal["has_fields"]
    fields: Annotated[tuple[Code, ...], Field(min_length=1)]


class FieldIs(Part):
    """A field of the case has this value, given now or before (papers returned: yes)."""

    check: Literal["field_is"]
    field: Code
    value: str
    says: str
    """What to tell the person when it is not so."""
    says_en: str


class HasReview(Part):
    """The move needs the date of the next review."""

    check: Literal["has_review"]


class HasDue(Part):
    """The move needs a promised date."""

    check: Literal["has_due"]


class HasUnits(Part):
    """The move needs so many further units, each with a part."""

    check: Literal["has_units"]
    count: Annotated[int, Field(ge=1, le=20)] = 1


class PartsDone(Part):
    """Every part of a further unit is done or given back."""

    check: Literal["parts_done"]


class OtherPerson(Part):
    """Not by the person who did the work: the sign-off of 结办 is another's (row ZK-01)."""

    check: Literal["other_person"]


class Consulted(Part):
    """A consultation (会商) stands on the case."""

    check: Literal["consulted"]


class AnyOf(Part):
    """One of the checks suffices."""

    check: Literal["any"]
    of: tuple["Need", ...]


class AllOf(Part):
    """Every check must hold."""

    check: Literal["all"]
    of: tuple["Need", ...]


Need = Annotated[
    HasResult
    | HasReason
    | HasMinutes
    | MinPhotos
    | HasUnit
    | HasTaker
    | HasOutcome
    | HasQuantity
    | HasFields
    | FieldIs
    | HasReview
    | HasDue
    | HasUnits
    | PartsDone
    | OtherPerson
    | Consulted
    | AnyOf
    | AllOf,
    Field(discriminator="check"),
]
