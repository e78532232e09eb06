"""Wiring of this floor."""

from django.apps import AppConfig


class ScenariosConfig(AppConfig):
    name = "huakai.scenarios"
    label = "scenarios"
    default_auto_field = "django.db.models.BigAutoField"
