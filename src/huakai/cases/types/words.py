"""Closed lists of words. No ORM, no clock."""

from enum import StrEnum


class Status(StrEnum):
    """Where a case stands for counting (row SZ-12): open, parked (台账), closed (办结), cancelled (撤销), merged."""

    OPEN = "open"
    PARKED = "parked"
    """暂时不能解决: neither open nor closed, with a date of the next review (row JN-09)."""
    CLOSED = "closed"
    CANCELLED = "cancelled"
    MERGED = "merged"
    """Counted with the case it was merged into."""


class TakerKind(StrEnum):
    """Who may take a case: a volunteer, a team (PC-02), a unit."""

    PERSON = "person"
    TEAM = "team"
    UNIT = "unit"


class Answer(StrEnum):
    """States of one assignment. `offered` is a reservation with a lease; at most one is `accepted`."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    DONE = "done"


class Who(StrEnum):
    """Closed vocabulary of who may make a move."""

    REQUESTER = "requester"
    OPENER = "opener"
    OFFEREE = "offeree"
    TAKER = "taker"
    VOLUNTEER = "volunteer"
    DISPATCHER = "dispatcher"
    HANDLER = "handler"
    """Whoever moves cases at the lead unit (主办)."""
    CO_HANDLER = "co_handler"
    """Whoever moves cases at a unit with a standing part in it (协办)."""
    FINDER = "finder"
    """The one who found it, or anybody of the unit that found it: the group that checks again (row SZ-34)."""
    AREA_STAFF = "area_staff"
    """Whoever moves cases at a unit the case lies in, such as the town or the community."""
    SUPERVISOR = "supervisor"
    """Whoever supervises in the area (督办)."""
    PLATFORM = "platform"


class Effect(StrEnum):
    """Closed vocabulary of what a move does beside changing the stage."""

    NONE = "none"
    OFFER = "offer"
    CLAIM = "claim"
    ACCEPT = "accept"
    DECLINE = "decline"
    EXPIRE = "expire"
    WITHDRAW = "withdraw"
    HAND_BACK = "hand_back"
    ASSIGN = "assign"
    RETURN = "return"
    ANSWER = "answer"
    FINISH = "finish"
    CANCEL = "cancel"
    CO_ASSIGN = "co_assign"
    """Give parts to further units (协办), each with a deadline of its own."""
    PART_ACCEPT = "part_accept"
    PART_DONE = "part_done"
    PART_RETURN = "part_return"
    REPORT = "report"
    """Hand in the result for checking; the case is not closed by it."""
    CHECK_OK = "check_ok"
    """The check holds: the case closes."""
    CHECK_FAIL = "check_fail"
    """The check fails: back to work, counted as a failed check."""
    FEEDBACK = "feedback"
    """One round of a repeating duty to report back (row JG-04)."""
    TRANSFER = "transfer"
    """Hand over to another unit, whose own clock starts."""
    PARK = "park"
    REVIEW = "review"
    """Take a parked case up again."""
