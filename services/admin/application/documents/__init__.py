"""What case types and templates have in common: drafts, versions, copies, exchange, review."""
