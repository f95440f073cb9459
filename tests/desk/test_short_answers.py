"""What people answer every day in a few words, about nothing that is wrong."""

import pytest

from intake.classification import classify
from procedures.terms import Risk

ORDINARY = (
    "Thank you for the quick answer.",
    "Many thanks, I have it now.",
    "Lovely, thanks for sorting that.",
    "I put it in the message before this one.",
    "It was in the text I sent on Sunday.",
    "I already wrote that down for you.",
    "I have already replied to this.",
    "Already done, thanks.",
    "You already have it.",
    "I said so in my letter.",
    "It is written on the second page.",
    "Yes, that one.",
    "Yes, both of us.",
    "No, only the first.",
    "Neither, thanks.",
    "The second date suits us.",
    "Friday morning would be best.",
    "Half four is fine.",
    "Not this week, sorry.",
    "Next week is better for me.",
    "We can both come.",
    "I will bring the papers.",
    "I'll bring my passport.",
    "The bus was late, on my way now.",
    "Which room are you in?",
    "Is it upstairs?",
    "Is there a lift?",
    "Do I need to bring anything?",
    "Can my friend come too?",
    "May I record it?",
    "Could you spell that please?",
    "Can you send it as a letter?",
    "Please put it in an email.",
    "Please send the forms to my new flat.",
    "The photo would not upload.",
    "The second page is missing, here it is.",
    "Sorry about the typing, I am on the train.",
    "Sorry for the late answer, we were on holiday.",
    "I was at the dentist.",
    "My phone was off.",
    "I changed my number last week.",
    "My email is the same as before.",
    "Call after lunch.",
    "Any time is good.",
    "Please try again tomorrow.",
    "I am in a meeting until noon.",
    "Happy with all of it.",
    "I am content with the answer, thanks.",
    "Nothing more to say, thank you.",
    "You can close it now.",
    "We are pleased with how it went.",
    "Good to meet you yesterday.",
    "Thanks, have a nice evening.",
    "See you at the review.",
    "ok c u then",
    "yep",
    "thats the one",
    "ty x",
    "sent it 2 days ago",
    "its on the back of the form",
    "Your parcel is on its way.",
)


@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_short_answer_does_not_ring(text: str) -> None:
    """None of them was learned from, but they prove little of an unknown hand: who works on the reading wrote them, and wrote 214
    of the same kind to learn from. With few words each weighs much, and no small word may ring alone."""
    shown = classify(text)

    assert (shown.risk, shown.tier) == (Risk.NONE, "")
