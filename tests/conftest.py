from tests.database import flush_past_guards  # noqa: F401 - autouse
