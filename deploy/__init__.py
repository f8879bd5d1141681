"""How the system is run: images, charts, and the stack without Docker."""
