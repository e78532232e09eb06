"""Wiring of this floor."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "huakai.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
