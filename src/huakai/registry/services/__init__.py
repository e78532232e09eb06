"""Writes of the registry: one import for neighbours (`from huakai.registry import services as registry`)."""

from huakai.registry.services.accounts import (
    appoint,
    create_account,
    end_appointment,
    issue_token,
    revoke_token,
    set_account_open,
    set_password,
)
from huakai.registry.services.people import (
    PersonChange,
    find_or_make_person,
    reveal,
    update_person,
)
from huakai.registry.services.signin import check_password, request_code, verify_code
from huakai.registry.services.teams import (
    NewTeam,
    VolunteerOffer,
    create_team,
    join_team,
    leave_team,
    name_leader,
    pause_volunteer,
    register_volunteer,
)
from huakai.registry.services.units import (
    NewPlace,
    NewUnit,
    SeatRef,
    create_place,
    create_unit,
    end_holding,
    end_unit,
    hold_post,
    rename_unit,
)

__all__ = [
    "NewPlace",
    "NewTeam",
    "NewUnit",
    "PersonChange",
    "SeatRef",
    "VolunteerOffer",
    "appoint",
    "check_password",
    "create_account",
    "create_place",
    "create_team",
    "create_unit",
    "end_appointment",
    "end_holding",
    "end_unit",
    "find_or_make_person",
    "hold_post",
    "issue_token",
    "join_team",
    "leave_team",
    "name_leader",
    "pause_volunteer",
    "register_volunteer",
    "rename_unit",
    "request_code",
    "reveal",
    "revoke_token",
    "set_account_open",
    "set_password",
    "update_person",
    "verify_code",
]
