"""Reads of publishing: walls and screens; peers and the letters to them."""

from huakai.publishing.queries.peers import EVENT_TITLES, TROUBLES, letter_page, peer_row, peers
from huakai.publishing.queries.walls import (
    SECTION,
    board_wall,
    figures,
    hash_of,
    is_live,
    live_screens,
    live_wall,
    row_of,
    screen_of,
    screens,
    tick_of,
    walls_of,
)

__all__ = [
    "EVENT_TITLES",
    "SECTION",
    "TROUBLES",
    "board_wall",
    "figures",
    "hash_of",
    "is_live",
    "letter_page",
    "live_screens",
    "live_wall",
    "peer_row",
    "peers",
    "row_of",
    "screen_of",
    "screens",
    "tick_of",
    "walls_of",
]
