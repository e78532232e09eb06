"""The demo's script is checked before anything is loaded."""

import pytest
from pydantic import ValidationError

from huakai.scenarios import queries
from huakai.scenarios.definitions import Script
from tests.architecture.checks import ROOT

EXAMPLE = ROOT / "examples/shizhong"


def test_the_shipped_script_has_an_account_for_every_role_the_demo_shows() -> None:
    roles = {account.role for account in queries.demo_accounts(EXAMPLE)}
    assert {"resident", "volunteer", "team_leader", "station_staff", "street_staff", "centre_staff"} <= roles
    assert {"dept_handler", "board_clerk", "board_approver", "leader", "auditor", "admin"} <= roles


def test_staff_sign_in_by_name_and_others_by_a_telephone_nobody_has() -> None:
    for account in queries.demo_accounts(EXAMPLE):
        assert bool(account.password) == (not account.sign_in.startswith("1990000"))


def test_an_unknown_key_in_the_script_is_refused() -> None:
    whole = queries.script_of(EXAMPLE).model_dump()
    with pytest.raises(ValidationError, match="extra"):
        Script.model_validate({**whole, "secret": 1})


def test_a_role_without_an_account_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        queries.script_of(EXAMPLE).account("mayor")
