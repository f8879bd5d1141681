"""Groups of caregivers."""
