"""The four services; they share no table, never import each other, and speak in messages only."""
