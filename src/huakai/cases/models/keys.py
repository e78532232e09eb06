"""Foreign keys of this floor: down only, protected, without a way back."""

from typing import Any

from django.db import models


def down(to: str, **options: Any) -> models.ForeignKey[Any, Any]:
    """A key to a table of this floor or a lower one."""
    return models.ForeignKey(to, on_delete=models.PROTECT, related_name="+", **options)
