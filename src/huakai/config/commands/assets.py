"""Everything that is built."""

from huakai.config import assets, logs, session
from huakai.config import env as environment


def run(*, force: bool) -> None:
    """Build what changed. Needs no database."""
    logs.configure("warning")
    session.make_home(environment.load())
    session.set_up_django()
    assets.ensure(force=force)
