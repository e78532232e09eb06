"""Page chrome, parts and the HTMX helper. Knows nobody: menus and brands are registered by their engines."""
