"""All shipped packs in one installation at once: every unit finds its own place, rights and menu."""

from pathlib import Path

import pytest
from django.conf import settings

from huakai.cases import queries as cases
from huakai.packs import queries as packs
from huakai.packs.types import EditionView
from huakai.registry import queries as registry
from tests.cast import NOW
from tests.factories import places

ROOT = Path(settings.PACKS_ROOT)
CODES = sorted(path.parent.name for path in ROOT.glob("*/pack.yaml") if path.parent.name != "base")
EXAMPLES = sorted(path.parent.name for path in (ROOT.parent / "examples").glob("*/units.csv"))


@pytest.fixture
def all_places(shizhong: EditionView) -> dict[str, EditionView]:
    """Every pack of `packs/`, published beside the first."""
    return {code: places.publish(code, now=NOW) for code in CODES}


def test_every_place_with_units_has_a_pack() -> None:
    assert set(EXAMPLES) <= set(CODES)


def test_a_unit_code_finds_the_pack_with_the_longest_root(all_places: dict[str, EditionView]) -> None:
    roots = {code: view.root_code for code, view in all_places.items()}
    assert len(set(roots.values())) == len(roots), "no two places share a root"
    for code, root in roots.items():
        for unit in (root, f"{root}001", f"{root}D01", f"{root}001001"):
            owners = [r for r in roots.values() if unit.startswith(r)]
            assert roots[packs.pack_of(unit)] == max(owners, key=len), unit
        assert packs.pack_of(root) == code
    assert packs.pack_of("990000") == "shizhong", "a code of nowhere falls to the place published first"


@pytest.mark.parametrize("code", EXAMPLES)
def test_the_units_of_a_place_fit_its_own_kinds_and_the_second_import_changes_nothing(
    all_places: dict[str, EditionView], code: str
) -> None:
    place = places.set_up(code)
    root = registry.unit_by_code(place.root)
    assert root is not None
    units = registry.units_under(place.root, on=NOW.date())
    kinds = {kind.code for kind in registry.vocabulary(code).unit_kinds}
    assert {unit.kind for unit in units} <= kinds
    assert {packs.pack_of(unit.code) for unit in units} == {code}
    table = cases.menu(code).table
    named = {line.rule.to.unit for line in table.lines if line.rule.to.unit}
    assert named <= {unit.code for unit in units}, "the routing table names units of the example"
    groups = registry.units_in_groups(place.root, on=NOW.date())
    assert sum(len(some) for some in groups.values()) > 0


def test_places_keep_their_menus_apart(all_places: dict[str, EditionView]) -> None:
    own = {code: set(cases.menu(code).flows) for code in CODES}
    base = {path.stem for path in (ROOT / "base/cases").glob("*.yaml")}
    for code, flows in own.items():
        shipped = {path.stem for path in (ROOT / code / "cases").glob("*.yaml")}
        assert flows == base | shipped


def test_somebody_of_one_place_has_no_right_in_the_next(all_places: dict[str, EditionView]) -> None:
    first, second = places.set_up("tengzhou"), places.set_up("zhoukou")
    first.appoint("centre", "centre_staff", first.root)
    actor = first.actor("centre")
    assert actor.pack_code == "tengzhou"
    assert actor.may("case.view", f"{first.root}113")
    assert not actor.may("case.view", f"{second.root}02")
