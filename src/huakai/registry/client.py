"""The outside world of sign-in: how a one-time code reaches a phone."""

from typing import Protocol

import structlog

log = structlog.get_logger(__name__)


class CodeSender(Protocol):
    """Sends a one-time code. What it returns is shown on the page: only the demonstration sender says anything."""

    def send(self, phone: str, code: str) -> str: ...


class ConsoleSender:
    """Writes to the log that a code was sent, never the code: what an installation without SMS starts with."""

    def send(self, phone: str, code: str) -> str:
        log.warning(
            "no_sms_gateway", phone_tail=phone[-4:], advice="configure an SMS gateway to deliver codes"
        )
        return ""


class DemoSender:
    """Shows the code on the page; used in demonstration mode only."""

    def send(self, phone: str, code: str) -> str:
        return code


_senders: list[CodeSender] = []


def install(sender: CodeSender) -> None:
    """Give the process another sender; the last one counts."""
    _senders.append(sender)


def sender(*, demo: bool) -> CodeSender:
    """The installed sender; without one the console, or the page in demonstration mode."""
    if _senders:
        return _senders[-1]
    return DemoSender() if demo else ConsoleSender()


def uninstall(sender: CodeSender) -> None:
    """Take a sender away again (tests)."""
    _senders.remove(sender)
