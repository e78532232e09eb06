"""Addresses of this floor: `phone` for residents and volunteers, `desk` for staff."""

from django.urls import URLPattern, path

from huakai.cases.pages.desk import (
    acts,
    beside,
    bulk,
    callbacks,
    filters,
    flows,
    groups,
    inbox,
    order,
    panel,
    past,
    reminders,
    requests,
    routing,
    supervision,
    visits,
)
from huakai.cases.pages.phone import home, orders, places, tasks

app_name = "cases"

phone: list[URLPattern] = [
    path("m/", home.home, name="home"),
    path("m/place/", places.place, name="place"),
    path("m/order/<slug:code>/", home.order, name="order"),
    path("m/say/", home.wish, name="wish"),
    path("m/orders/", orders.orders, name="orders"),
    path("m/orders/<uuid:case_id>/", orders.one, name="order_detail"),
    path("m/orders/<uuid:case_id>/ordered/", home.ordered, name="ordered"),
    path("m/orders/<uuid:case_id>/cancel/", orders.cancel, name="cancel"),
    path("m/orders/<uuid:case_id>/rate/", orders.rate, name="rate"),
    path("m/take/", tasks.take, name="take"),
    path("m/take/<uuid:case_id>/", tasks.claim, name="claim"),
    path("m/tasks/", tasks.tasks, name="tasks"),
    path("m/tasks/<uuid:case_id>/", tasks.task, name="task"),
    path("m/tasks/<uuid:case_id>/move/", tasks.move, name="task_move"),
    path("m/tasks/<uuid:case_id>/contact/", tasks.contact, name="contact"),
]
desk: list[URLPattern] = [
    path("desk/", inbox.start, name="inbox"),
    path("desk/cases/<uuid:case_id>/", inbox.inbox, name="desk_case"),
    path("desk/cases/<uuid:case_id>/moves/<slug:move>/", acts.move, name="desk_move"),
    path("desk/cases/<uuid:case_id>/contact/", acts.contact, name="desk_contact"),
    path("desk/cases/<uuid:case_id>/rate/", acts.rate, name="desk_rate"),
    path("desk/cases/<uuid:case_id>/beside/<slug:act>/", beside.beside, name="desk_beside"),
    path("desk/cases/<uuid:case_id>/clocks/", past.clocks, name="desk_clocks"),
    path("desk/cases/<uuid:case_id>/print/", past.printed, name="desk_print"),
    path("desk/cases/bulk/", bulk.bulk, name="bulk"),
    path("desk/supervision/", supervision.supervision, name="supervision"),
    path(
        "desk/supervision/<uuid:supervision_id>/<slug:act>/",
        supervision.supervision_act,
        name="supervision_act",
    ),
    path("desk/requests/", requests.requests, name="requests"),
    path("desk/requests/<uuid:request_id>/", requests.request_decide, name="request_decide"),
    path("desk/groups/", groups.groups, name="groups"),
    path("desk/groups/<uuid:group_id>/", groups.group, name="group"),
    path("desk/visits/", visits.visits, name="visits"),
    path("desk/visits/new/", visits.visit, name="visit"),
    path("desk/callbacks/", callbacks.call_backs, name="call_backs"),
    path("desk/callbacks/<uuid:call_back_id>/", callbacks.call_back, name="call_back"),
    path("desk/reminders/", reminders.reminders, name="reminders"),
    path("desk/filters/", filters.filters, name="filters"),
    path("desk/filters/<uuid:filter_id>/", filters.forget, name="filter_forget"),
    path("desk/cases/export/", panel.list_export, name="list_export"),
    path("desk/order/", order.on_behalf, name="on_behalf"),
    path("desk/panel/", panel.panel, name="panel"),
    path("desk/panel/cases/", panel.behind, name="panel_cases"),
    path("desk/panel/export/", panel.panel_export, name="panel_export"),
    path("desk/flows/", flows.flows, name="flows"),
    path("desk/flows/<slug:code>/", flows.flow, name="flow"),
    path("desk/flows/<slug:code>/editions/<uuid:older>/", flows.move_cases, name="move_edition"),
    path("desk/routing/", routing.routing, name="routing"),
    path("desk/routing/powers/", routing.powers, name="powers"),
]

urlpatterns = [*phone, *desk]
