"""Admin: clinics, staff, permissions, sign-in and the access log."""
