"""The recurring review of a clinic's permissions."""
