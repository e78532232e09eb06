"""Wiring of this floor."""

from django.apps import AppConfig


class EvaluationConfig(AppConfig):
    name = "huakai.evaluation"
    label = "evaluation"
    default_auto_field = "django.db.models.BigAutoField"
