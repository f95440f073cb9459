"""How the tables came to be: one revision a change, up and down. Alembic is imported when one is run, and not before."""
