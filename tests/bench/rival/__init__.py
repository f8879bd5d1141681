"""The rival: the same two hops by hand, with the same promises and nothing else, as fast as we could make it."""
