"""The published language of the four services: envelope, topics, events and commands."""
