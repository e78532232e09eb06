"""Tables brought to this version."""

from django.core.management import call_command

from huakai.config.session import Here


def run(here: Here, *, plan: bool) -> None:
    """Apply migrations, or only show them."""
    call_command("migrate", plan=plan, interactive=False, verbosity=1)
