"""Wiring of this floor."""

from django.apps import AppConfig
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from huakai.packs import registry as sections
from huakai.registry import definitions, rules
from huakai.web import context, menu


class RegistryConfig(AppConfig):
    name = "huakai.registry"
    label = "registry"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        sections.register("roles", definitions.RoleBook, rules.role_problems)
        sections.register("registry", definitions.RegistryBook, rules.registry_problems)
        context.register_brand(_brand)
        for item in _items():
            menu.register_menu("desk", item)
        menu.register_menu("m", menu.MenuItem("me", _("我的"), "registry:me", "user", order=40))


def _items() -> tuple[menu.MenuItem, ...]:
    def may_see_people(request: HttpRequest) -> bool:
        return bool(request.actor.prefixes("team.view"))  # type: ignore[attr-defined]

    return (
        menu.MenuItem("units", _("单位与阵地"), "registry:units", "building-2", needs="unit.view", order=300),
        menu.MenuItem("people", _("人员"), "registry:people", "users", needs="person.view", order=310),
        menu.MenuItem(
            "teams",
            _("志愿队伍"),
            "registry:teams",
            "flag",
            needs="team.view",
            order=320,
            show=may_see_people,
        ),
        menu.MenuItem("users", _("账号"), "registry:users", "shield", needs="user.manage", order=810),
    )


def _brand(request: HttpRequest) -> context.Brand:
    """The place's name from its pack, and the unit at work."""
    from huakai.registry import queries

    actor = request.actor  # type: ignore[attr-defined]
    title = queries.place_title(actor.pack_code, get_language() or "")
    at_root = bool(actor.pack_code) and actor.home_code == queries.root_code(actor.pack_code)
    return context.Brand(title, "" if at_root else actor.unit_name)
