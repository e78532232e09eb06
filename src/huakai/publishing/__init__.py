"""Publishing: walls and live counters. Reads everyone, nobody reads it."""
