"""Wiring of this floor: its pack section and its menu entries."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from huakai.evaluation.definitions import Board
from huakai.evaluation.rules import problems
from huakai.packs import registry as sections
from huakai.web.menu import MenuItem, register_menu


class EvaluationConfig(AppConfig):
    """Registers the section of boards and the two menus."""

    name = "huakai.evaluation"
    label = "evaluation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        sections.register("evaluation", Board, problems.problems_of)
        boards = _("红黄榜")
        register_menu(
            "desk", MenuItem("boards", boards, "evaluation:issues", "trophy", needs="board.view", order=60)
        )
        register_menu("m", MenuItem("boards", boards, "evaluation:phone_list", "trophy", order=90))
