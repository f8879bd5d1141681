"""HTTP: one way to make an app, to say what is wrong, and to take a command through the batch runner."""
