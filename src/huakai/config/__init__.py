"""Wiring only: settings, urls, ASGI, command line."""
