"""The ledger: figures for those who ask whether anything changed."""
