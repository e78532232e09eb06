"""Something outside the code is wrong, and a person can mend it."""


class Trouble(Exception):
    """The message says what is wrong and what to do; the command line shows it without a traceback."""
