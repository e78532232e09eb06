"""Wiring of this floor."""

from django.apps import AppConfig

from huakai.packs import registry as sections
from huakai.registry import definitions, rules


class RegistryConfig(AppConfig):
    name = "huakai.registry"
    label = "registry"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        sections.register("roles", definitions.RoleBook, rules.role_problems)
        sections.register("registry", definitions.RegistryBook, rules.registry_problems)
