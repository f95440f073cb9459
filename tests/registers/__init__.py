"""Registers in and out, and what reports make of them."""
