"""Wiring of this floor."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "huakai.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
