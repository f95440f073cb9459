"""Every mail and every screen with invented facts, for whoever signs the words off before the doors open."""
