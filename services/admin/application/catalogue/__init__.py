"""Case types: what citizens can ask for, and what caregivers answer with."""
