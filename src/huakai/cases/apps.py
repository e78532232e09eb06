"""Wiring of this floor."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from huakai.cases import rules
from huakai.cases.definitions import Catalogue, Flow, SearchWords
from huakai.cases.definitions.routing import PowerBook, RoutingTable
from huakai.packs import registry as sections
from huakai.web.menu import MenuItem, register_menu


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
        sections.register("routing", RoutingTable, rules.routing_problems)
        sections.register("powers", PowerBook, rules.power_problems)
        sections.register("search", SearchWords)
        files.register_owner("case", queries.may_see)
        self._phone_menu()
        self._desk_menu()

    def _phone_menu(self) -> None:
        """The first three tabs of the phone pages; the fourth is the registry's."""
        from huakai.cases.pages.phone import tasks

        for item in (
            MenuItem(code="order", title=_("点单"), url_name="cases:home", icon="house", order=10),
            MenuItem(
                code="orders", title=_("我的单"), url_name="cases:orders", icon="clipboard-list", order=20
            ),
            MenuItem(
                code="take",
                title=_("去接单"),
                url_name="cases:take",
                icon="hand-heart",
                order=30,
                count=tasks.waiting_count,
                also=("/m/tasks/", "/m/hours/"),
            ),
        ):
            register_menu("m", item)

    def _desk_menu(self) -> None:
        """The staff desk: shown to whoever holds the right over some units, not only over own records."""
        from huakai.cases.pages.desk import door, inbox

        for item in (
            MenuItem(
                code="inbox",
                title=_("派单台"),
                url_name="cases:inbox",
                icon="inbox",
                order=10,
                count=inbox.open_count,
                show=door.holds("case.view"),
                also=("/desk/cases/", "/desk/dispatch/"),
            ),
            MenuItem(
                code="on_behalf",
                title=_("代群众点单"),
                url_name="cases:on_behalf",
                icon="circle-plus",
                order=12,
                show=door.holds("case.open"),
            ),
            MenuItem(
                code="panel",
                title=_("闭环统计"),
                url_name="cases:panel",
                icon="chart-bar",
                order=14,
                show=door.holds("panel.view"),
            ),
            MenuItem(
                code="reminders",
                title=_("催办提醒"),
                url_name="cases:reminders",
                icon="bell",
                order=11,
                show=door.holds("case.move"),
            ),
            MenuItem(
                code="supervision",
                title=_("督办追责"),
                url_name="cases:supervision",
                icon="megaphone",
                order=15,
                show=door.holds("case.view"),
            ),
            MenuItem(
                code="requests",
                title=_("暂停延期"),
                url_name="cases:requests",
                icon="clock",
                order=16,
                show=door.holds("case.view"),
            ),
            MenuItem(
                code="groups",
                title=_("归集"),
                url_name="cases:groups",
                icon="list",
                order=17,
                show=door.holds("case.dispatch"),
            ),
            MenuItem(
                code="visits",
                title=_("走访巡查"),
                url_name="cases:visits",
                icon="map-pin",
                order=18,
                show=door.holds("case.open"),
            ),
            MenuItem(
                code="call_backs",
                title=_("电话回访"),
                url_name="cases:call_backs",
                icon="phone",
                order=19,
                show=door.holds("case.dispatch"),
            ),
            MenuItem(
                code="flows",
                title=_("流程"),
                url_name="cases:flows",
                icon="list-checks",
                needs="unit.view",
                order=80,
            ),
            MenuItem(
                code="routing",
                title=_("分派规则"),
                url_name="cases:routing",
                icon="navigation",
                order=82,
                show=door.holds("unit.view"),
            ),
        ):
            register_menu("desk", item)
