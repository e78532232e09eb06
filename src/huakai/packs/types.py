"""The words of packs: a problem in a file, a change, the whole pack in view, a published edition."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel

Level = Literal["error", "warning"]


@dataclass(frozen=True)
class Problem:
    """A mistake in a pack, with the place a person must look at.

    Engines give `path` (dotted, as in `stages.0.moves.1`) and `message`; the check adds file and line.
    `message` is a source string, `params` fill its {named} places.
    """

    path: str
    message: str
    level: Level = "error"
    file: str = ""
    line: int = 0
    params: Mapping[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Change:
    """One difference between two states of a pack; None stands for “not there”."""

    file: str
    path: str
    before: Any
    after: Any


@dataclass(frozen=True, kw_only=True)
class PackView:
    """A whole effective pack: base overlaid by the place, parsed. `models` is keyed by (section, code)."""

    pack_code: str
    title: str
    title_en: str
    root_code: str
    models: Mapping[tuple[str, str], BaseModel]

    def get(self, section: str, code: str) -> Any:
        """The model of that file; KeyError names what is missing."""
        try:
            return self.models[section, code]
        except KeyError:
            raise KeyError(f"pack {self.pack_code} has no {section}/{code}.yaml") from None

    def find(self, section: str, code: str) -> Any | None:
        """The model of that file, or None."""
        return self.models.get((section, code))

    def all(self, section: str) -> dict[str, Any]:
        """Every model of the section, by code."""
        return {code: model for (name, code), model in self.models.items() if name == section}

    def one(self, section: str) -> Any:
        """The only model of the section."""
        (model,) = self.all(section).values()
        return model


@dataclass(frozen=True, kw_only=True)
class EditionView(PackView):
    """A published edition, parsed; it never changes."""

    id: UUID
    number: int
    hash: str
    base_number: int | None
    published_at: datetime


@dataclass(frozen=True)
class EditionRow:
    """An edition as lists show it."""

    id: UUID
    pack_code: str
    number: int
    hash: str
    base_number: int | None
    root_code: str
    published_at: datetime
    published_by: UUID | None
    files: tuple[str, ...]


def say(model: Any, name: str, language: str) -> str:
    """The text `name` of a pack model in the reader's language: `title_en` for English when it is there."""
    english = getattr(model, f"{name}_en", "") if language.startswith("en") else ""
    return str(english or getattr(model, name))
