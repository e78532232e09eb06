"""Puts up the demo's walls. Their addresses hold a key kept nowhere else, so they go into a file of the home."""

import os
from datetime import datetime

from huakai.packs import queries as packs
from huakai.publishing import services as publishing
from huakai.publishing.definitions import Wall
from huakai.publishing.types import NewScreen
from huakai.scenarios import queries
from huakai.scenarios.definitions import Script
from huakai.scenarios.services import cast


def put_up(script: Script, pack_code: str, now: datetime) -> None:
    """A screen for each wall of the script; the file is readable by its owner only."""
    by = cast.staff(script.account("board_approver"), now)
    lines = []
    for line in script.screens:
        wall = packs.current(pack_code).get("publishing", line.wall)
        assert isinstance(wall, Wall)
        new = NewScreen(label=line.label, wall=line.wall)
        _screen, token = publishing.create_screen(new=new, pack_code=pack_code, by=by, now=now)
        lines.append(f"{line.label}\t/screen/{wall.show.kind}/{token}/\n")
    path = queries.screens_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.writelines(lines)
