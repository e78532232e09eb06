"""Flows and orders for tests of the case engine."""

from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

from huakai.cases import services
from huakai.cases.definitions import Flow
from huakai.cases.types import CaseRef, MoveInput, NewOrder
from huakai.registry.types import Actor

PACKS = Path(__file__).parents[2] / "packs"


def shipped_flows() -> list[Any]:
    """(path, flow) of every flow file in packs/."""
    return [
        (p, Flow.model_validate(yaml.safe_load(p.read_text()))) for p in sorted(PACKS.glob("*/cases/*.yaml"))
    ]


def flow_file(name: str, pack: str = "base") -> dict[str, Any]:
    """The raw content of a shipped flow, to be bent in a test."""
    content: dict[str, Any] = yaml.safe_load((PACKS / pack / "cases" / f"{name}.yaml").read_text())
    return content


def order(key: str = "k1", **changes: Any) -> NewOrder:
    """An ordinary order of the cast's resident: a repair at home."""
    fields: dict[str, Any] = {
        "client_key": key,
        "flow": "",
        "area_code": "370402002001",
        "service": "appliance_repair",
        "detail": "电扇不转了",
        "address": "3栋2单元401",
    }
    return NewOrder(**(fields | changes))


def open_one(by: Actor, now: datetime, key: str = "k1", **changes: Any) -> UUID:
    """An opened order; its id."""
    return services.open_case(order=order(key, **changes), by=by, now=now).id


def move(case_id: UUID, name: str, by: Actor, now: datetime, **given: Any) -> CaseRef:
    """One move with its input."""
    return services.move_case(case_id=case_id, move=name, given=MoveInput(**given), by=by, now=now)
