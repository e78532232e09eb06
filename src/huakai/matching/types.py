"""The words of matching."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class Reason:
    """One reason in words: a source string with places, translated for the reader."""

    message: str
    params: Mapping[str, object]


@dataclass(frozen=True)
class ProposalLine:
    """One proposed taker as the desk shows it; `name` is masked for persons. Lower `cost` is better."""

    rank: int
    taker_kind: str
    taker_id: UUID
    name: str
    reasons: tuple[str, ...]
    cost: int
    distance_m: int | None
    made_at: datetime


@dataclass(frozen=True)
class ProposalSet:
    """The latest round of proposals for a case; `nobody` says why it is empty."""

    lines: tuple[ProposalLine, ...]
    nobody: str = ""
    ready: bool = False
