"""The rows of a batch: how tables' rows become objects and back."""
