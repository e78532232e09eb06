"""The contract type refuses an import of a private room and lets the doors, the wiring and the ground be."""

from grimp import ImportGraph

from tests.architecture.front_doors import FrontDoors

OPTIONS = {
    "root": "house",
    "doors": ["services", "types"],
    "extra_doors": ["low.access"],
    "not_engines": ["kernel"],
    "master_keys": ["config"],
}


def verdict(*imports: tuple[str, str]) -> list[str]:
    """Complaints about these imports."""
    graph = ImportGraph()
    for importer, imported in imports:
        for name in (importer, imported):
            graph.add_module(name)
        graph.add_import(importer=importer, imported=imported)
    contract = FrontDoors("doors", {"root_packages": ["house"]}, OPTIONS)
    broken: list[str] = contract.check(graph, verbose=False).metadata["broken"]
    return broken


def test_a_private_room_of_another_engine_is_refused() -> None:
    assert verdict(("house.high.services", "house.low.models")) == ["house.high.services -> house.low.models"]


def test_doors_own_rooms_wiring_and_ground_are_free() -> None:
    assert (
        verdict(
            ("house.high.services", "house.low.services.making"),
            ("house.high.services", "house.low.access"),
            ("house.high.services", "house.high.models"),
            ("house.high.rules", "house.kernel.ids"),
            ("house.config.urls", "house.low.pages"),
        )
        == []
    )
