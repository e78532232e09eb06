"""Time-ordered identifiers (UUID version 7, RFC 9562)."""

import secrets
from datetime import datetime
from uuid import UUID


def new_id(now: datetime) -> UUID:
    """A UUIDv7 whose first 48 bits are `now` in milliseconds and next 12 bits its microseconds.

    Ids made from later instants sort later, so a key index is also a time index; 62 random bits keep
    ids of the same microsecond apart.
    """
    microseconds = int(now.timestamp() * 1_000_000)
    milliseconds, rest = divmod(microseconds, 1000)
    fraction = rest * 4096 // 1000
    value = (milliseconds & (2**48 - 1)) << 80
    value |= 0x7 << 76
    value |= fraction << 64
    value |= 0b10 << 62
    value |= secrets.randbits(62)
    return UUID(int=value)


def ms_of(id_: UUID) -> int:
    """When it was made, in milliseconds since 1970."""
    return id_.int >> 80


def first_of(ms: int) -> UUID:
    """Smaller than every identifier made in that millisecond or later, larger than all made before."""
    return UUID(int=ms << 80)
