"""Writes of the case engine: one public function per use case."""

from huakai.cases.services.contact import reveal_contact
from huakai.cases.services.exporting import record_export
from huakai.cases.services.indexing import index_all, index_case, index_cases
from huakai.cases.services.moving import expire_offers, move_case
from huakai.cases.services.opening import open_case
from huakai.cases.services.ordering import move_with_photos, open_order
from huakai.cases.services.pane import PanePart, pane_parts, register_pane_part
from huakai.cases.services.photos import add_photo
from huakai.cases.services.rating import rate_case

__all__ = [
    "PanePart",
    "add_photo",
    "expire_offers",
    "index_all",
    "index_case",
    "index_cases",
    "move_case",
    "move_with_photos",
    "open_case",
    "open_order",
    "pane_parts",
    "rate_case",
    "record_export",
    "register_pane_part",
    "reveal_contact",
]
