"""Writes of the scenarios: load the demo of a place."""

from huakai.scenarios.services.loading import load_demo

__all__ = ["load_demo"]
