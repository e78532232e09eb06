"""Wiring of this floor."""

from django.apps import AppConfig

from huakai.ledger.definitions import Tariff
from huakai.packs import registry as sections


class LedgerConfig(AppConfig):
    """Registers the tariff section."""

    name = "huakai.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        sections.register("ledger", Tariff)
