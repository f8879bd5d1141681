"""Judges a run by its journals and by what databases hold afterwards: a function per invariant, over plain data."""
