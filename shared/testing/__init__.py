"""What tests of several levels share: builders, fakes, real infrastructure, and waiting with an explanation."""
