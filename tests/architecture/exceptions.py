"""What the checks let pass for now, each with its reason. Entries may only leave."""

LONG_FILES: dict[str, str] = {}
TESTS_WITHOUT_SOURCE: set[str] = {"packs/shipped_packs", "web/frontend"}
NO_TEST_YET: set[str] = set()
