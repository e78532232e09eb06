"""Pure decisions of the case engine. No ORM, no clock."""

from huakai.cases.rules.acts import STAFF, acts_open
from huakai.cases.rules.answers import field_problem, form_fields
from huakai.cases.rules.clocks import (
    ClockAct,
    ClockEvent,
    ClockState,
    due_at,
    pause_allowed,
    pause_ends_at,
    span_of,
    states,
)
from huakai.cases.rules.drawing import diagram
from huakai.cases.rules.ladders import Rung, next_act_at, rung_at, rungs_due
from huakai.cases.rules.meaning import catalogue_problems, problems_of
from huakai.cases.rules.moves import (
    ASKS,
    asks_of,
    checks_of,
    chosen_move,
    measure_of,
    missing,
    open_moves,
    target_stage,
    with_consultations,
)
from huakai.cases.rules.quantities import mark_of_sum
from huakai.cases.rules.routing_meaning import power_problems, routing_problems
from huakai.cases.rules.scores import combined_score, minutes_credited
from huakai.cases.rules.visits import earliest_visit, visit_slots, visit_span
from huakai.cases.rules.words import Cut, blocks_between, blocks_of, lexemes, next_stretch, question

__all__ = [
    "ASKS",
    "STAFF",
    "ClockAct",
    "ClockEvent",
    "ClockState",
    "Cut",
    "Rung",
    "acts_open",
    "asks_of",
    "blocks_between",
    "blocks_of",
    "catalogue_problems",
    "checks_of",
    "chosen_move",
    "combined_score",
    "diagram",
    "due_at",
    "earliest_visit",
    "field_problem",
    "form_fields",
    "lexemes",
    "mark_of_sum",
    "measure_of",
    "minutes_credited",
    "missing",
    "next_act_at",
    "next_stretch",
    "open_moves",
    "pause_allowed",
    "pause_ends_at",
    "power_problems",
    "problems_of",
    "question",
    "routing_problems",
    "rung_at",
    "rungs_due",
    "span_of",
    "states",
    "target_stage",
    "visit_slots",
    "visit_span",
    "with_consultations",
]
