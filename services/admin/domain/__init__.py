"""What admin decides about: clinics, staff accounts, portals, case types, and the chain of the access log."""
