"""Wiring of this floor."""

from django.apps import AppConfig

from huakai.matching.definitions import Weights
from huakai.packs import registry as sections


class MatchingConfig(AppConfig):
    """Registers the weights section; `handlers` says what this floor listens to."""

    name = "huakai.matching"
    label = "matching"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        sections.register("matching", Weights)
