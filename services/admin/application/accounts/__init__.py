"""Staff accounts: who somebody is, what they may, whether they are locked."""
