"""Nothing that is published lets a reader work out a small number: pure, over the figures as data."""
