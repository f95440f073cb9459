"""`python -m bot` is `heard`."""

import gc


def main() -> None:
    """Run a command. Until it begins to work (`bot.cli.common.run`) nothing is looked through for garbage.

    A start makes a hundred thousand things and throws none away: looking through them again and again was a sixth of its time.
    """
    gc.disable()
    from bot.cli import main as command_line  # noqa: PLC0415  # the libraries are what is being made

    command_line()


if __name__ == "__main__":
    main()
