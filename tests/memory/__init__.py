"""The memory: migrations, units of work, filings, outbox and ledger, on SQLite and PostgreSQL."""
