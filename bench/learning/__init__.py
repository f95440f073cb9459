"""How the weights of `intake/classification/weighing.py` are learned from labelled messages. For developers; not shipped."""
