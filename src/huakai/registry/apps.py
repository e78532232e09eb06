"""Wiring of this floor."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "huakai.registry"
    label = "registry"
    default_auto_field = "django.db.models.BigAutoField"
