"""The mouth: everything that leaves goes through here, from the outbox."""
