"""Reads of the case engine: lists, one case, counters, the menu. Dataclasses out, no querysets."""

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
from huakai.cases.queries.lists import case_list, may_see, my_orders, my_tasks, offers_waiting, open_orders
from huakai.cases.queries.nearby import NearOrder, ServiceFigure, near_orders, service_figures
from huakai.cases.queries.own import my_address, my_last_address
from huakai.cases.queries.routing import Asked, proposal, proposal_for
from huakai.cases.queries.slots import earliest_visit, visit_slots

__all__ = [
    "Asked",
    "DispatchFacts",
    "Load",
    "Menu",
    "NearOrder",
    "ServiceFigure",
    "card",
    "case_list",
    "diagram_of",
    "dispatch_facts",
    "earliest_visit",
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
    "panel",
    "proposal",
    "proposal_for",
    "served_before",
    "service_figures",
    "stage_counts",
    "visit_slots",
]
