"""Where tests and checks run: a home of their own, thrown away after, so that no data is touched."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from huakai.config import env as environment
from huakai.config import postgres, session


@contextmanager
def throwaway() -> Iterator[Path]:
    """A temporary home in the environment and a database: the named one, or an embedded one without fsync.

    Tests are the database's superuser: they must get past the guards of append-only tables to prove that
    tampering is found, and to empty those tables between tests.
    """
    with ExitStack() as stack:
        home = Path(tempfile.mkdtemp(prefix="huakai-test-"))
        stack.callback(shutil.rmtree, home, ignore_errors=True)
        named = environment.load().database_url
        os.environ["HUAKAI_HOME"] = str(home)
        os.environ["DJANGO_SETTINGS_MODULE"] = "huakai.config.settings"
        session.stop_on_sigterm()
        session.make_home(environment.load())
        if not named:
            server = stack.enter_context(postgres.running(home, durable=False))
            os.environ["HUAKAI_DATABASE_URL"] = server.url(user="postgres")
        yield home
