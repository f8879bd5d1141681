"""How the world reaches notify: facts of neighbours, HTTP, and what is due."""
