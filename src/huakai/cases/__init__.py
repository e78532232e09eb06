"""The closed-loop case engine: one record through steps that a pack defines."""
