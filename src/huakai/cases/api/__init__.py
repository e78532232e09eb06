"""JSON door of the case engine."""

from huakai.cases.api import beside  # noqa: F401 - its endpoints join the router
from huakai.cases.api.cases import router

__all__ = ["router"]
