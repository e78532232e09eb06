"""Wiring of this floor."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from huakai.web import menu


class AuditConfig(AppConfig):
    """Once all tables are known, lets every floor's `handlers` module say what it listens to."""

    name = "huakai.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        autodiscover_modules("handlers")
        item = menu.MenuItem("audit", _("审计"), "audit:events", "scroll-text", needs="audit.view", order=900)
        menu.register_menu("desk", item)
