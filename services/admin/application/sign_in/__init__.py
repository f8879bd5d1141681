"""Signing in: who somebody is, the terms that they accept, and the session that they work in."""
