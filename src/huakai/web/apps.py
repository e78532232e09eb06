"""Wiring of this floor."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "huakai.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"
