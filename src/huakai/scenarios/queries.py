"""Reads of the scenarios: how to sign in to the demo."""

from pathlib import Path

import yaml
from django.conf import settings

from huakai.scenarios.definitions import Script
from huakai.scenarios.types import DemoAccount, DemoScreen


def demo_accounts(root: Path | None = None) -> list[DemoAccount]:
    """Accounts of every role, as the command line prints them; of every example when no folder is given."""
    if root is None:
        folders = sorted((Path(settings.PACKS_ROOT).parent / "examples").glob("*/month.yaml"))
        return [account for path in folders for account in demo_accounts(path.parent)]
    script = script_of(root)
    return [
        DemoAccount(
            role=line.role,
            name=line.name,
            sign_in=line.username or line.phone,
            password=script.password if line.username else "",
            page=line.page,
        )
        for line in script.accounts
    ]


def screens_file() -> Path:
    """Where the addresses of the demo's walls stand."""
    return Path(settings.FILES_ROOT).parent / "demo-screens.txt"


def demo_screens() -> list[DemoScreen]:
    """The walls of the demo with their addresses, keys and all; empty before they are put up."""
    path = screens_file()
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [DemoScreen(*line.split("\t", 1)) for line in lines]


def script_of(root: Path) -> Script:
    """The script beside the example files."""
    return Script.model_validate(yaml.safe_load((root / "month.yaml").read_text(encoding="utf-8")))
