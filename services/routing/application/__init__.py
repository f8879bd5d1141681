"""What routing decides: one function per use case, and who may."""
