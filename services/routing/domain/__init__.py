"""The responsibility for a case: pure decisions, no clock, no input or output."""
