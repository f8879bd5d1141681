"""Admin's tables, the rows of a batch, and what is read without a decision."""
