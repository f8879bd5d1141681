"""How fast, how much, how soon: this system beside a hand-written rival, on the same broker and database."""
