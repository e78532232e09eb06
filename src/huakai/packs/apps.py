"""Wiring of this floor."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from huakai.packs import definitions, registry, rules
from huakai.web import menu


class PacksConfig(AppConfig):
    """Registers the one section packs itself reads: the working calendar."""

    name = "huakai.packs"
    label = "packs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        item = menu.MenuItem(
            "packs", _("配置包"), "packs:editions", "book-open", needs="pack.view", order=890
        )
        menu.register_menu("desk", item)
        registry.register("calendar", definitions.CalendarYear, rules.calendar_problems)
        registry.register("calendar", definitions.CalendarHours, rules.hours_problems, code="hours")
