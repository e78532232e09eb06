"""Names of what screens announce; the subject is ("screen", screen id)."""

SUBJECT = "screen"
CREATED = "screen.created"
REVOKED = "screen.revoked"
