"""What a pack says about the order of takers."""

from typing import Annotated

from pydantic import Field

from huakai.packs.definitions import PackModel

Points = Annotated[int, Field(ge=-1000, le=1000)]


class Weights(PackModel):
    """Cost terms in points, lower is better (docs/algorithms/dispatch-cost.md)."""

    per_km: Points
    per_order_today: Points
    per_order_month: Points
    outside_area: Points
    served_before: Points
    max_km: Annotated[int, Field(ge=1, le=500)]
    shortlist: Annotated[int, Field(ge=1, le=20)]
