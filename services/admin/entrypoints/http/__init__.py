"""Routes, by area."""
