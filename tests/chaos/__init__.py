"""Random real faults under open-loop load, and a checker that stands outside the system."""
