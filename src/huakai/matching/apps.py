"""Wiring of this floor."""

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "huakai.matching"
    label = "matching"
    default_auto_field = "django.db.models.BigAutoField"
