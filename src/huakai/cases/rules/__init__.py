"""Pure decisions of the case engine. No ORM, no clock."""

from huakai.cases.rules.answers import field_problem, form_fields
from huakai.cases.rules.clocks import due_at
from huakai.cases.rules.drawing import diagram
from huakai.cases.rules.meaning import catalogue_problems, problems_of
from huakai.cases.rules.moves import (
    ASKS,
    asks_of,
    chosen_move,
    measure_of,
    missing,
    open_moves,
    target_stage,
    with_consultations,
)
from huakai.cases.rules.quantities import mark_of_sum, printed
from huakai.cases.rules.scores import combined_score, minutes_credited
from huakai.cases.rules.visits import visit_slots

__all__ = [
    "ASKS",
    "asks_of",
    "catalogue_problems",
    "chosen_move",
    "combined_score",
    "diagram",
    "due_at",
    "field_problem",
    "form_fields",
    "mark_of_sum",
    "measure_of",
    "minutes_credited",
    "missing",
    "open_moves",
    "printed",
    "problems_of",
    "target_stage",
    "visit_slots",
    "with_consultations",
]
