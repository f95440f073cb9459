"""The one error of this room."""


class Unreadable(Exception):
    """Nothing at all can be made of this arrival; a person must look at its bytes."""
