"""Wiring of this floor."""

from django.apps import AppConfig


class PacksConfig(AppConfig):
    name = "huakai.packs"
    label = "packs"
    default_auto_field = "django.db.models.BigAutoField"
