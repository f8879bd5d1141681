"""PostgreSQL: the pool, the transaction, and statements made from tables. SQL is written as SQL."""
