"""Refusals a person can act on. Messages are Chinese source strings, translated where they are shown."""


def N_(message: str) -> str:
    """Mark `message` for the English catalogue; it is translated at the edge, not here."""
    return message


class RuleBroken(Exception):
    """A rule said no. `code` is stable for machines, `message` a source string with {named} places.

    The edge renders `gettext(message).format(**params)` in the reader's language; nothing was written.
    `field` names the input the message belongs beside, when there is one.
    """

    def __init__(self, code: str, message: str, *, field: str = "", **params: object) -> None:
        super().__init__(message.format(**params) if params else message)
        self.code = code
        self.message = message
        self.field = field
        self.params = params


class NotAllowed(RuleBroken):
    """The actor lacks the right; pages say who can help."""


class NotFound(RuleBroken):
    """The thing does not exist or the actor may not know that it does."""
