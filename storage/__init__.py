"""The memory: tables, units of work and named queries. Personal data lives here and nowhere else."""
