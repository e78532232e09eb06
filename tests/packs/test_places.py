"""Places stand beside each other in one installation, each with the units its office hands in."""

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings

from huakai.cases import queries as cases
from huakai.cases import rules as case_rules
from huakai.cases.definitions import Flow
from huakai.packs import queries as packs
from huakai.packs import rules, services
from huakai.packs.definitions import PackManifest
from huakai.packs.types import EditionView
from huakai.registry import queries as registry
from tests.cast import Cast
from tests.factories.places import set_up
from tests.factories.places_b import EXAMPLES, LATER, import_units

ROOT = Path(settings.PACKS_ROOT)
PLACES = sorted(path.parent.name for path in EXAMPLES.glob("*/units.csv"))


@pytest.fixture
def all_places(cast: Cast) -> Iterator[dict[str, EditionView]]:
    """Every pack that is there, published into one database."""
    found = {
        code: services.publish(pack_code=code, root=ROOT, by=None, now=LATER)
        for code in sorted(folder.parent.name for folder in ROOT.glob("*/pack.yaml"))
        if code != "base"
    }
    yield found
    packs.forget_current()


@pytest.mark.parametrize("code", PLACES)
def test_the_units_of_a_place_fit_its_pack_and_a_second_import_changes_nothing(
    code: str, cast: Cast, now: datetime
) -> None:
    services.publish(pack_code=code, root=ROOT, by=None, now=LATER)
    try:
        first, second = import_units(code, now), import_units(code, now)
    finally:
        packs.forget_current()
    assert first.problems == second.problems == ()
    assert first.created + first.updated + first.unchanged == first.rows > 0
    assert (second.created, second.updated, second.unchanged) == (0, 0, first.rows)


def test_the_units_of_all_places_stand_side_by_side_and_each_has_its_own_pack(
    all_places: dict[str, EditionView], now: datetime
) -> None:
    for code in PLACES:
        assert import_units(code, now).problems == ()
    for code in PLACES:
        root = all_places[code].root_code
        units = registry.units_under(root, on=now.date())
        assert units, code
        assert {packs.pack_of(unit.code) for unit in units} == {code}
    assert packs.pack_of("999999") == "shizhong", "whatever belongs nowhere goes to the place that was first"


def test_no_two_places_share_the_beginning_of_a_code(all_places: dict[str, EditionView]) -> None:
    roots = sorted(view.root_code for view in all_places.values())
    assert all(roots)
    assert [(a, b) for a, b in pairwise(roots) if b.startswith(a)] == []


@pytest.mark.parametrize("code", PLACES)
def test_the_routing_table_of_a_place_names_units_of_its_example(
    cast: Cast, code: str, now: datetime
) -> None:
    place = set_up(code)
    units = {unit.code for unit in registry.units_under(place.root, on=now.date())}
    named = {line.rule.to.unit for line in cases.menu(code).table.lines if line.rule.to.unit}
    packs.forget_current()
    assert named <= units


@pytest.mark.usefixtures("cast")
def test_somebody_of_one_place_has_no_right_in_the_next() -> None:
    first, second = set_up("tengzhou"), set_up("zhoukou")
    first.appoint("centre", "centre_staff", first.root)
    actor = first.actor("centre")
    assert actor.pack_code == "tengzhou"
    assert actor.may("case.view", f"{first.root}113")
    assert not actor.may("case.view", f"{second.root}02")
    packs.forget_current()


def _flows() -> list[tuple[str, str]]:
    found = []
    for folder in sorted(path.parent for path in ROOT.glob("*/pack.yaml")):
        files, _ = packs.effective_files(folder.name, ROOT)
        found += [(folder.name, file.code) for file in files.values() if file.section == "cases"]
    return found


@pytest.mark.parametrize(("pack", "code"), _flows())
def test_every_flow_can_be_drawn_in_both_languages(pack: str, code: str) -> None:
    files, _ = packs.effective_files(pack, ROOT)
    models, problems = rules.parsed(files)
    assert problems == []
    manifest, flow = models["pack", "pack"], models["cases", code]
    assert isinstance(manifest, PackManifest)
    assert isinstance(flow, Flow)
    for english in (False, True):
        drawn = case_rules.diagram(flow, english=english)
        assert all((stage.title_en if english else stage.title) in drawn for stage in flow.stages)
