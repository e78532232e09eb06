"""Reads of the case engine: lists, one case, counters, the menu. Dataclasses out, no querysets."""

from huakai.cases.queries.beside import (
    call_back_list,
    clock_lines,
    filters_of,
    group_list,
    groups_of,
    outcome_totals,
    quantity_totals,
    reminder_list,
    request_list,
    supervision_list,
    visit_list,
)
from huakai.cases.queries.card import card, diagram_of
from huakai.cases.queries.catalogue import Menu, menu, menu_of, menu_of_edition
from huakai.cases.queries.counters import live_counts, panel, stage_counts
from huakai.cases.queries.dispatch import (
    DispatchFacts,
    Load,
    dispatch_facts,
    load_of_teams,
    load_of_volunteers,
    served_before,
)
from huakai.cases.queries.editions import EditionPlan, edition_counts, edition_plan
from huakai.cases.queries.lists import case_list, may_see, my_orders, my_tasks, offers_waiting, open_orders
from huakai.cases.queries.nearby import NearOrder, ServiceFigure, near_orders, service_figures
from huakai.cases.queries.own import my_address, my_last_address
from huakai.cases.queries.public import public_list
from huakai.cases.queries.routing import Asked, proposal, proposal_for
from huakai.cases.queries.slots import earliest_visit, visit_slots
from huakai.cases.queries.told import told_cases

__all__ = [
    "Asked",
    "DispatchFacts",
    "EditionPlan",
    "Load",
    "Menu",
    "NearOrder",
    "ServiceFigure",
    "call_back_list",
    "card",
    "case_list",
    "clock_lines",
    "diagram_of",
    "dispatch_facts",
    "earliest_visit",
    "edition_counts",
    "edition_plan",
    "filters_of",
    "group_list",
    "groups_of",
    "live_counts",
    "load_of_teams",
    "load_of_volunteers",
    "may_see",
    "menu",
    "menu_of",
    "menu_of_edition",
    "my_address",
    "my_last_address",
    "my_orders",
    "my_tasks",
    "near_orders",
    "offers_waiting",
    "open_orders",
    "outcome_totals",
    "panel",
    "proposal",
    "proposal_for",
    "public_list",
    "quantity_totals",
    "reminder_list",
    "request_list",
    "served_before",
    "service_figures",
    "stage_counts",
    "supervision_list",
    "told_cases",
    "visit_list",
    "visit_slots",
    "visit_times",
]
