"""How hard a text is to read, for the tests of all words: the service's own measure (`templates/readability.py`)."""

from templates.readability import grade, own_words, sentences, syllables, words_of

__all__ = ["grade", "own_words", "sentences", "syllables", "words_of"]
