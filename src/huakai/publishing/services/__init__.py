"""Writes of publishing: screens; peers and the letters to them."""

from huakai.publishing.services.letters import gather_letters, retry_dead, retry_letter, skip_letter
from huakai.publishing.services.peers import add_peer, pause_peer, resume_peer, rotate_secret, send_test
from huakai.publishing.services.screens import create_screen, revoke_screen
from huakai.publishing.services.sending import send_letters

__all__ = [
    "add_peer",
    "create_screen",
    "gather_letters",
    "pause_peer",
    "resume_peer",
    "retry_dead",
    "retry_letter",
    "revoke_screen",
    "rotate_secret",
    "send_letters",
    "send_test",
    "skip_letter",
]
