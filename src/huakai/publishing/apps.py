"""Wiring of this floor."""

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "huakai.publishing"
    label = "publishing"
    default_auto_field = "django.db.models.BigAutoField"
