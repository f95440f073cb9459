"""What may be done to a case, and where it stands. No rule about a case lives anywhere else."""
