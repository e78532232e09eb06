"""Fields of a form, as a flow or a category asks them. They travel with the edition, so answers keep their form."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from huakai.cases.definitions.words import Code, Title
from huakai.packs.definitions import Part


class Choice(Part):
    """One answer to choose. With `stop`, the form goes no further and says so (call 119)."""

    code: Code
    title: Title
    title_en: Title
    stop: str = ""
    stop_en: str = ""


class FieldDef(Part):
    """One question."""

    code: Code
    title: Title
    title_en: Title
    kind: Literal["line", "text", "number", "choice", "yes_no", "date"] = "line"
    required: bool = False
    choices: tuple[Choice, ...] = ()
    least: Decimal | None = None
    most: Decimal | None = None
    private: bool = False
    """Shown to those who work on the case only, never in lists, exports or to the public."""
    hint: str = ""
    hint_en: str = ""


class Outcome(Part):
    """One word for how a case ended. `solved` says whether the matter itself is solved (解决 is not 办结)."""

    code: Code
    title: Title
    title_en: Title
    solved: bool = True


class QuantityDef(Part):
    """Something counted or measured on a case; codes are never added together."""

    code: Code
    title: Title
    title_en: Title
    measure: Annotated[str, Field(min_length=1, max_length=12)]
    """Measure word: 盏, 米, 平方米, 万元."""
    decimals: Annotated[int, Field(ge=0, le=4)] = 0


class TextModule(Part):
    """A ready text for the result or reason of a move."""

    code: Code
    title: Title
    title_en: Title
    text: Annotated[str, Field(min_length=1, max_length=500)]
    moves: tuple[Code, ...] = ()
    """Codes of the moves it fits; empty: all."""
