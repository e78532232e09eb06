"""The small words all parts of a pack use."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from huakai.packs.definitions import Part

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,39}$")]


Title = Annotated[str, StringConstraints(min_length=1, max_length=60)]


Tone = Literal["amber", "blue", "grey", "green", "red"]


class SpanDef(Part):
    """A length of time in one of the calendar's units."""

    amount: Annotated[Decimal, Field(gt=0, le=366)]
    unit: Literal["emergency_hours", "working_hours", "working_days", "natural_days", "natural_hours"]
