"""The words of files: a stored photo."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID


@dataclass(frozen=True)
class PhotoCard:
    """A photo without its bytes."""

    id: UUID
    subject_kind: str
    subject_id: str
    area_code: str
    width: int
    height: int
    taken_at: datetime | None
    lon: float | None
    lat: float | None
    path: Path
    sha256: str


@dataclass(frozen=True)
class Picture:
    """A photo made harmless: re-encoded bytes, and what the camera had written into the original."""

    content: bytes
    width: int
    height: int
    taken_at: datetime | None
    lon: float | None
    lat: float | None
