"""Word files: an answer as a letter that people edit, and what they made of it, read back with care. Bytes in, bytes out."""

from casework.answers.word.reading import NotTaken, Paragraph, Read, Role, read_letter
from casework.answers.word.writing import Letterhead, NoPicture, write_letter

__all__ = ["Letterhead", "NoPicture", "NotTaken", "Paragraph", "Read", "Role", "read_letter", "write_letter"]
