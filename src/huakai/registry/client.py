"""The outside world of sign-in: how a one-time code reaches a phone."""

from typing import Protocol

import structlog

from huakai.kernel.errors import N_, RuleBroken

log = structlog.get_logger(__name__)


class CodeSender(Protocol):
    """Sends a one-time code. What it returns is shown on the page: only the demonstration sender says anything."""

    def send(self, phone: str, code: str) -> str: ...


class NoSender:
    """What an installation without an SMS gateway starts with: says so instead of pretending."""

    def send(self, phone: str, code: str) -> str:
        log.error("no_sms_gateway", advice="install a CodeSender (huakai.registry.client.install)")
        message = N_("本地还没有开通短信登录，请到就近的实践站办理，或拨打服务热线")
        raise RuleBroken("no_sms", message, field="phone")


class DemoSender:
    """Shows the code on the page; used in demonstration mode only."""

    def send(self, phone: str, code: str) -> str:
        return code


_senders: list[CodeSender] = []


def install(sender: CodeSender) -> None:
    """Give the process another sender; the last one counts."""
    _senders.append(sender)


def sender(*, demo: bool) -> CodeSender:
    """The installed sender; without one the page in demonstration mode, else a refusal."""
    if _senders:
        return _senders[-1]
    return DemoSender() if demo else NoSender()


def uninstall(sender: CodeSender) -> None:
    """Take a sender away again (tests)."""
    _senders.remove(sender)
