"""What notify does, one use case at a time."""
