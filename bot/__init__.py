"""The running service: its ears and its body."""

__version__ = "0.1.0"
