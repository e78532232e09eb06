"""HTML pages of the boards: `issues` and `collecting`, `steps` to publication, `reading` for everyone."""
