"""Wiring of this floor."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "huakai.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"
