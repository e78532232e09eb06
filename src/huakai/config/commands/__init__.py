"""One module per command, loaded on demand. Each has `run`, or a function per verb."""
