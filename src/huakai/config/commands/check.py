"""All checks."""

from huakai.config import checks, terminal, testing


def run() -> int:
    """0 when everything holds."""
    with testing.throwaway():
        if checks.run_all(checks.every_check()):
            return 0
    terminal.say("✗ something above does not hold")
    return 1
