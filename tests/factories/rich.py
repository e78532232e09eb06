"""A flow that uses every word of the engine, published over the place's demand flow, for pages and journeys."""

import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from huakai.packs import queries as packs
from huakai.packs import services as pack_services
from huakai.packs.types import EditionView

HERE = Path(__file__).parent


def publish_rich(folder: Path, now: datetime, **changes: Any) -> EditionView:
    """Publish the place's pack with the rich demand flow (bent by `changes`) as its next edition.

    The flow has parts, a form with a stopper and a private field, outcomes, a quantity, pauses, extensions, parking, a
    check, aspects and call-backs; the catalogue a category with a form (`lamp_out`) and a kind of visit (`patrol`).
    """
    root = folder / "packs"
    shutil.copytree(settings.PACKS_ROOT, root)
    place = root / "shizhong"
    (place / "cases").mkdir(exist_ok=True)
    flow = yaml.safe_load((HERE / "rich_demand.yaml").read_text(encoding="utf-8")) | changes
    (place / "cases/demand.yaml").write_text(yaml.safe_dump(flow, allow_unicode=True), encoding="utf-8")
    shutil.copy(HERE / "rich_catalogue.yaml", place / "catalogue/rich.yaml")
    made = pack_services.publish(pack_code="shizhong", root=root, by=None, now=now)
    packs.forget_current()
    return made
