"""Wiring of this floor."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from huakai.web import menu


class FilesConfig(AppConfig):
    name = "huakai.files"
    label = "files"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        autodiscover_modules("imports")  # each engine's importers register at the bottom of their module
        item = menu.MenuItem("import", _("导入"), "files:imports", "upload", needs="import.run", order=800)
        menu.register_menu("desk", item)
