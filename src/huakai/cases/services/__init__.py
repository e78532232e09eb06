"""Writes of the case engine: one public function per use case."""

from huakai.cases.services.contact import reveal_contact
from huakai.cases.services.moving import expire_offers, move_case
from huakai.cases.services.opening import open_case
from huakai.cases.services.ordering import move_with_photos, open_order
from huakai.cases.services.photos import add_photo
from huakai.cases.services.rating import rate_case

__all__ = [
    "add_photo",
    "expire_offers",
    "move_case",
    "move_with_photos",
    "open_case",
    "open_order",
    "rate_case",
    "reveal_contact",
]
