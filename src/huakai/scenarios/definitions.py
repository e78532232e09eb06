"""The demo's script: one YAML file beside the input files, checked like a pack."""

from pydantic import BaseModel, ConfigDict, Field


class Part(BaseModel):
    """A part of the script: unknown keys are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class AccountLine(Part):
    """Somebody who signs in: staff by user name, others by telephone."""

    role: str
    name: str
    phone: str
    page: str
    username: str = ""
    unit: str = ""
    team: str = ""
    """Code of the team a leader leads."""


class Words(Part):
    """What people say."""

    results: tuple[str, ...] = Field(min_length=1)
    answers: tuple[str, ...] = Field(min_length=1)
    handled: tuple[str, ...] = Field(min_length=1)
    declines: tuple[str, ...] = Field(min_length=1)
    returns: tuple[str, ...] = Field(min_length=1)
    hand_backs: tuple[str, ...] = Field(min_length=1)
    cancels: tuple[str, ...] = Field(min_length=1)
    comments: dict[str, tuple[str, ...]]


class BoardLine(Part):
    """The issue of the board that is published."""

    code: str
    period: str
    starts_on: str
    ends_on: str


class ScreenLine(Part):
    """A wall that is put up, and where it hangs."""

    wall: str
    label: str


class Script(Part):
    """Accounts and words of one place's demo month."""

    district: str
    password: str
    accounts: tuple[AccountLine, ...]
    handlers: tuple[str, ...]
    routes: dict[str, str]
    board: BoardLine
    screens: tuple[ScreenLine, ...]
    words: Words

    def account(self, role: str) -> AccountLine:
        """The account of that role; KeyError when the script has none."""
        for line in self.accounts:
            if line.role == role:
                return line
        raise KeyError(role)
