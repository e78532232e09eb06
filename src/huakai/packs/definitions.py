"""What every pack file is, and the manifest `pack.yaml` of a pack."""

from datetime import date, time, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]{0,39}$")]
Title = Annotated[str, StringConstraints(min_length=1, max_length=120)]


class Part(BaseModel):
    """A part of a pack file: unknown keys are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PackModel(Part):
    """The head every pack file begins with; `code` is the file's name."""

    schema_version: Literal[1]
    code: Code
    title: Title
    title_en: Title


class PackManifest(PackModel):
    """`pack.yaml`: whose pack it is and what it builds on; a place names the code all its areas begin with."""

    requires: Code | None = Field(default=None, description="code of the pack whose files this one overlays")
    root_code: Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{0,24}$")] = ""
    edition: Annotated[str, StringConstraints(max_length=60)] = Field(
        default="",
        description="name of this state, for people; publishing gives the number",
    )


class HolidayRange(Part):
    """A holiday as the notice prints it: first and last day off, both included, and the days worked for it."""

    name: Title
    name_en: Title
    first_on: date
    last_on: date
    work_on: tuple[date, ...] = ()

    def days(self) -> list[date]:
        """Every day off."""
        return [self.first_on + timedelta(days=n) for n in range((self.last_on - self.first_on).days + 1)]


class CalendarYear(PackModel):
    """`calendar/<year>.yaml`: one year of holidays and make-up workdays, with the notice that set them."""

    year: Annotated[int, Field(ge=2000, le=2100)]
    source: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    holidays: tuple[HolidayRange, ...]


class HoursSpan(Part):
    """From opening to closing."""

    opens: time
    closes: time


class CalendarHours(PackModel):
    """`calendar/hours.yaml`: office hours of a working day."""

    spans: Annotated[tuple[HoursSpan, ...], Field(min_length=1)]
