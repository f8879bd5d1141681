"""Reference clients: a staff web app and a citizen portal, which use the public contracts only."""
