"""Tables of the case engine."""

from huakai.cases.models.beside import (
    CaseGroup,
    CaseLink,
    CasePhoto,
    Follower,
    GroupMember,
    SavedFilter,
    Supervision,
    Visit,
)
from huakai.cases.models.case import Assignment, Case
from huakai.cases.models.clocks import ClockEvent, ClockRequest, Escalation
from huakai.cases.models.words import CallBack, CaseWords, Consultation, Note, Quantity, Rating

__all__ = [
    "Assignment",
    "CallBack",
    "Case",
    "CaseGroup",
    "CaseLink",
    "CasePhoto",
    "CaseWords",
    "ClockEvent",
    "ClockRequest",
    "Consultation",
    "Escalation",
    "Follower",
    "GroupMember",
    "Note",
    "Quantity",
    "Rating",
    "SavedFilter",
    "Supervision",
    "Visit",
]
