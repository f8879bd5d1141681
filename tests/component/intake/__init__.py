"""Intake alone; a package, so that what its tests share ends with them, before other loops run for minutes."""
