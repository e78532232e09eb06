"""Moving a case: lock, gather facts, ask the rules, apply the effect, write, record."""

from huakai.cases.services.moving.making import expire_offers, move_case

__all__ = ["expire_offers", "move_case"]
