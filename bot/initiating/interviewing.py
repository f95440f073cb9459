"""The whole interview, in the order in which a council decides."""

from bot.initiating.asking import Interview
from bot.initiating.council import about_numbers, about_people, about_safety, about_the_council, about_the_database
from bot.initiating.wires import Trying, about_email, about_telegram


def interview_all(interview: Interview, trying: Trying, place: str) -> None:
    """Ask everything. Nothing is written; what is tried on a wire, and what is sent, is said before."""
    say = interview.talk.say
    say(f"This asks what a council must decide, and writes it to {place} in the end. Ctrl-C stops, and nothing is written.")
    say("Enter takes what stands in brackets." + (" What was said before stands there." if interview.is_resumed else ""))
    about_the_council(interview)
    about_numbers(interview)
    about_people(interview)
    about_the_database(interview)
    about_email(interview, trying)
    about_telegram(interview, trying)
    about_safety(interview)
