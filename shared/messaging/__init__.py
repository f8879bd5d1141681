"""Load many, decide one, write many: from raw records, or from HTTP, to one transaction and back."""
