"""Tables, and the rows that a batch works on."""
