"""Facts, one module per owner: a service publishes its own and nobody else's."""
