"""Parts that floors above add to the pane of a case (matching adds its recommendations): a closed list by name."""

from dataclasses import dataclass

from huakai.cases.types import CaseCard


@dataclass(frozen=True)
class PanePart:
    """A part the pane fetches by itself from `url_name` (one argument: the case) while a move with `effect` is open.

    `code` is the id of its element and the name of its partial; `title` may be lazy.
    """

    code: str
    url_name: str
    effect: str
    title: object


_parts: dict[str, PanePart] = {}


def register_pane_part(part: PanePart) -> None:
    """Called from apps.ready(); the same code twice replaces the earlier part."""
    _parts[part.code] = part


def pane_parts(card: CaseCard) -> tuple[PanePart, ...]:
    """The parts this case shows its reader now."""
    effects = {move.effect for move in card.moves}
    return tuple(part for part in _parts.values() if part.effect in effects)
