"""Wiring of this floor."""

from django.apps import AppConfig

from huakai.cases import rules
from huakai.cases.definitions import Catalogue, Flow
from huakai.packs import registry as sections


class CasesConfig(AppConfig):
    """Registers the sections of flows and catalogue and tells the files floor who sees a case's photos."""

    name = "huakai.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from huakai.cases import queries
        from huakai.files import services as files

        sections.register("cases", Flow, rules.problems_of)
        sections.register("catalogue", Catalogue, rules.catalogue_problems)
        files.register_owner("case", queries.may_see)
