"""Wiring of this floor."""

from django.apps import AppConfig

from huakai.packs import definitions, registry, rules


class PacksConfig(AppConfig):
    """Registers the one section packs itself reads: the working calendar."""

    name = "huakai.packs"
    label = "packs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        registry.register("calendar", definitions.CalendarYear, rules.calendar_problems)
        registry.register("calendar", definitions.CalendarHours, rules.hours_problems, code="hours")
