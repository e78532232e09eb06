"""Cases as peers outside this house may know them."""

from collections.abc import Iterable
from uuid import UUID

from huakai.cases.models import Case
from huakai.cases.types import ToldCase


def told_cases(ids: Iterable[UUID]) -> dict[UUID, ToldCase]:
    """The cases as they stand now, by id; unknown ids are left out."""
    columns = (
        "id", "number", "flow", "stage", "status", "category", "area_code", "lead_unit_code", "due_at",
        "restricted",
    )  # fmt: skip
    rows = Case.objects.filter(pk__in=list(ids)).values_list(*columns)
    return {row[0]: ToldCase(*row) for row in rows}
