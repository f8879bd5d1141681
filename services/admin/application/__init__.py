"""What can be asked of admin, and who may ask it."""
