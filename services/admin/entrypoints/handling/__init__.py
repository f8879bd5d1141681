"""The parts of the table of contents, by area."""
