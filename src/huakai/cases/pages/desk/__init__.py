"""The staff desk: inbox, acts, order on behalf, panel, flows."""
