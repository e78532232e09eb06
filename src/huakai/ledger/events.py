"""Names of the events the ledger announces."""

POSTED = "ledger.posted"
