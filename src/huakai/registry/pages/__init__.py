"""Pages of the registry: sign-in, the tree of units, people, teams, users, and one's own page."""
