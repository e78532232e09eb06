"""One module per command, loaded on demand. Each has `run(here, …)`; Django is set up before it is imported."""
