"""Flows and orders for tests of the case engine."""

from pathlib import Path
from typing import Any

import yaml

from huakai.cases.definitions import Flow

PACKS = Path(__file__).parents[2] / "packs"


def shipped_flows() -> list[Any]:
    """(path, flow) of every flow file in packs/."""
    return [(p, Flow.model_validate(yaml.safe_load(p.read_text()))) for p in sorted(PACKS.glob("*/cases/*.yaml"))]


def flow_file(name: str, pack: str = "base") -> dict[str, Any]:
    """The raw content of a shipped flow, to be bent in a test."""
    content: dict[str, Any] = yaml.safe_load((PACKS / pack / "cases" / f"{name}.yaml").read_text())
    return content
