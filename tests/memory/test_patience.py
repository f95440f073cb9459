"""How long a process believes in its locks, and how long the server leaves them to it."""

from storage import presence


def test_a_process_stops_believing_in_its_locks_before_the_server_gives_them_to_another() -> None:
    # Whoever asks just before it is no longer sure may have to wait for the whole of an answer.
    assert presence.SURE_FOR_SECONDS + presence.ANSWERS_WITHIN_SECONDS < presence.SILENT_FOR_SECONDS
    assert presence.ANSWERS_WITHIN_SECONDS < presence.SURE_FOR_SECONDS
