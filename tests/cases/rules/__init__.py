"""The case engine's pure decisions, noun by noun."""
