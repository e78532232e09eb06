"""One order and its possible takers as plain data: what the ranking sees, and nothing else."""

from dataclasses import dataclass
from uuid import UUID

from huakai.kernel.geo import Point


@dataclass(frozen=True)
class Order:
    """An order waiting for a taker. `point` is where the service happens, else the middle of its area."""

    skill: str
    area_code: str
    point: Point | None
    asked: frozenset[UUID]
    known_faces: frozenset[UUID]


@dataclass(frozen=True)
class Candidate:
    """A volunteer or team that might take it. `free` is what is left of the stated capacity."""

    kind: str
    id: UUID
    name: str
    skills: frozenset[str]
    area_code: str
    point: Point | None
    free: int
    today: int
    month: int
