"""HTML pages of publishing: `walls` for screens, `streams` of live figures, `desk` to manage screens."""
