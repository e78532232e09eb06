"""HTML pages of the case engine: `phone` for residents and volunteers, `desk` for staff."""
