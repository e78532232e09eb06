"""What every pack file is, and the manifest `pack.yaml` of a pack."""

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
    """`pack.yaml`: whose pack it is, and what it builds on. A place names the unit code all its areas begin with."""

    requires: Code | None = Field(default=None, description="code of the pack whose files this one overlays")
    root_code: Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{0,24}$")] = ""
    edition: Annotated[str, StringConstraints(max_length=60)] = Field(
        default="",
        description="name of the state of the pack, for people (the number is given at publishing)",
    )
