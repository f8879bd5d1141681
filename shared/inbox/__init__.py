"""The inbox: each message takes effect once, however often it is delivered."""
