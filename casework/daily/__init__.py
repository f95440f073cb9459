"""The daily work beside the clocks: calls, cover, behaviour plans, thanks and equality questions."""
