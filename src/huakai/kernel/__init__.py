"""Ground floor: ids, errors, clock, working calendar, small value types. Imports no Django."""
