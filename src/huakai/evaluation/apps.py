"""Wiring of this floor: its pack section, its importer, its menu entries."""

from django.apps import AppConfig

from huakai.evaluation.definitions import Board
from huakai.evaluation.rules import problems
from huakai.packs import registry as sections


class EvaluationConfig(AppConfig):
    """Registers the section of boards."""

    name = "huakai.evaluation"
    label = "evaluation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        sections.register("evaluation", Board, problems.problems_of)
