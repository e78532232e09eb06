"""Wiring of this floor: its pack section and its menu entries."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from huakai.packs import registry as sections
from huakai.publishing import rules
from huakai.publishing.definitions import Wall
from huakai.web.menu import MenuItem, register_menu


class PublishingConfig(AppConfig):
    """Registers the section of walls and the desk pages of screens and webhooks."""

    name = "huakai.publishing"
    label = "publishing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        sections.register("publishing", Wall, rules.problems_of)
        screens = MenuItem(
            "screens", _("大屏"), "publishing:screens", "monitor", needs="screen.manage", order=70
        )
        register_menu("desk", screens)
        webhooks = MenuItem(
            "webhooks", _("数据推送"), "publishing:webhooks", "send", needs="webhook.manage", order=75
        )
        register_menu("desk", webhooks)
