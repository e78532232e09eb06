"""Writes of the files floor (the registry helper replaces this file)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from huakai.registry.types import Actor

OWNERS: dict[str, Callable[[Actor, str], bool]] = {}


def register_owner(kind: str, may_see: Callable[[Actor, str], bool]) -> None:
    """Say who sees the photos of a kind of subject."""
    OWNERS[kind] = may_see


def add_photo(**given: Any) -> UUID:
    """Replaced by the real one."""
    raise NotImplementedError


def register_importer(*args: Any, **options: Any) -> None:
    """Replaced by the real one."""


_unused = datetime
