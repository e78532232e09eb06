"""JSON door of the case engine."""

from huakai.cases.api import counting, linking, supervision  # noqa: F401 - their endpoints join the router
from huakai.cases.api.cases import router

__all__ = ["router"]
