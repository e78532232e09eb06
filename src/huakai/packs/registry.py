"""Which model reads which section. Engines register here while the floors start; packs knows none of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from huakai.packs.definitions import PackManifest, PackModel
from huakai.packs.types import PackView, Problem

ProblemsOf = Callable[[Any, PackView], list[Problem]]
MANIFEST = "pack"


@dataclass(frozen=True)
class Section:
    """A section's model and the check of its meaning."""

    model: type[PackModel]
    problems_of: ProblemsOf | None = None


_sections: dict[tuple[str, str], Section] = {(MANIFEST, ""): Section(PackManifest)}


def register(
    section: str, model: type[PackModel], problems_of: ProblemsOf | None = None, *, code: str = ""
) -> None:
    """Let `model` read the files of `section` (with `code`: that file) and `problems_of` judge their meaning."""
    known = _sections.get((section, code))
    if known is not None and known.model is not model:
        raise ValueError(f"section {section}/{code} is registered twice")
    _sections[section, code] = Section(model, problems_of)


def section_of(section: str, code: str) -> Section | None:
    """Who reads this file: its own registration first, else the section's; None when nobody does."""
    return _sections.get((section, code)) or _sections.get((section, ""))


def models() -> dict[str, type[PackModel]]:
    """Every registered model by `section` or `section/code`, for the JSON Schemas."""
    return {"/".join(filter(None, key)): _sections[key].model for key in sorted(_sections)}
