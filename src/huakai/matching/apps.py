"""Wiring of this floor."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from huakai.matching.definitions import Weights
from huakai.packs import registry as sections


class MatchingConfig(AppConfig):
    """Registers the weights section and its part of the case's pane; `handlers` says what this floor listens to."""

    name = "huakai.matching"
    label = "matching"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from huakai.cases import services as cases

        sections.register("matching", Weights)
        part = cases.PanePart(
            code="proposals", url_name="matching:dispatch", effect="offer", title=_("推荐承接")
        )
        cases.register_pane_part(part)
