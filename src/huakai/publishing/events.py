"""Names of what publishing announces; subjects are ("screen", screen id) and ("peer", peer id)."""

SUBJECT = "screen"
CREATED = "screen.created"
REVOKED = "screen.revoked"

PEER = "peer"
PEER_ADDED = "webhook.added"
PEER_PAUSED = "webhook.paused"
PEER_RESUMED = "webhook.resumed"
SECRET_ROTATED = "webhook.secret_rotated"  # noqa: S105 - the name of an event
TESTED = "webhook.tested"
DIED = "webhook.died"
RETRIED = "webhook.retried"
SKIPPED = "webhook.skipped"
