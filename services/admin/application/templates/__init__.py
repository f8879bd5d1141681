"""Templates: what caregivers send to citizens on their own accord."""
