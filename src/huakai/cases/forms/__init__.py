"""Shape of what pages hand in; choices are passed in."""
