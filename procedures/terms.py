"""The words of the law book, one meaning each (docs/glossary.md). Their values are what is stored and printed."""

from enum import StrEnum


class Kind(StrEnum):
    """What a representation is (Children Act 1989, s. 26(3): "representations (including any complaint)")."""

    COMPLAINT = "complaint"
    COMPLIMENT = "compliment"
    COMMENT = "comment"
    ENQUIRY = "enquiry"


class Procedure(StrEnum):
    """Which procedure a complaint is handled under. UNDECIDED runs under the fuller protection."""

    STATUTORY = "statutory"
    CORPORATE = "corporate"
    ADULTS = "adults"
    PUBLIC_HEALTH = "public_health"
    DATA_PROTECTION = "data_protection"
    OTHER_BODY = "other_body"
    UNDECIDED = "undecided"
    MEMBER_ENQUIRY = "member_enquiry"
    """A member of parliament or a councillor asks: no complaint, and no way to handle one."""


class Route(StrEnum):
    """What the scope test says to do with a matter; a person confirms it."""

    STAT = "STAT"
    CORP = "CORP"
    SPLIT = "SPLIT"
    OTHER = "OTHER"
    REVIEW = "REVIEW"


class Form(StrEnum):
    """How a complaint was made. It decides where the stage 2 clock starts (SI 2006/1738, reg. 17(4), (5))."""

    WRITTEN = "written"
    ORAL = "oral"


class Channel(StrEnum):
    """How a representation reached us, in the register's words; and by what a message leaves."""

    TELEGRAM = "telegram"
    EMAIL = "email"
    PHONE = "phone"
    LETTER = "letter"
    WEB = "web"
    IN_PERSON = "in_person"
    ALARM = "alarm"
    """Only a way out: the council's own program or web address that rings somebody, whatever mail and chat do."""


REACHED_BY = tuple(channel for channel in Channel if channel is not Channel.ALARM)
"""How a representation can reach us."""


class AlarmRoute(StrEnum):
    """By what an alarm rings; the recipient of what leaves by `Channel.ALARM`."""

    COMMAND = "command"
    WEBHOOK = "webhook"


class AlarmForm(StrEnum):
    """What the web address of an alarm understands."""

    EVENT = "event"
    """Our own JSON, for a program."""
    CHAT = "chat"
    """A text: Slack, Mattermost, Rocket.Chat, Google Chat."""
    TEAMS = "teams"
    """A card: a workflow of Microsoft Teams that posts what it is sent."""
    TELEGRAM = "telegram"
    """A message of another bot than the people's, into a group of the staff's."""


class Role(StrEnum):
    """Who raised it; the register's words for `raised_by`."""

    CHILD = "child"
    CARE_LEAVER = "care_leaver"
    PARENT = "parent"
    CARER = "carer"
    RELATIVE = "relative"
    FOSTER_CARER = "foster_carer"
    ADVOCATE = "advocate"
    PROFESSIONAL = "professional"
    MEMBER_OF_PUBLIC = "member_of_public"
    UNKNOWN = "unknown"


class Risk(StrEnum):
    """What the words may show about danger. Never a gate: it only adds help and a person."""

    NONE = "none"
    DISTRESS = "distress"
    SAFEGUARDING = "safeguarding"
    EMERGENCY = "emergency"


class Outcome(StrEnum):
    """What was found."""

    UPHELD = "upheld"
    PARTIALLY_UPHELD = "partially_upheld"
    NOT_UPHELD = "not_upheld"
    NO_FINDING = "no_finding"


class Theme(StrEnum):
    """What an issue is about, in the register's words."""

    QUALITY_OF_SERVICE = "quality_of_service"
    COMMUNICATION = "communication"
    DELAY = "delay"
    DECISION = "decision"
    STAFF_CONDUCT = "staff_conduct"
    NON_DELIVERY = "non_delivery"
    ASSESSMENT = "assessment"
    CONTACT_ARRANGEMENTS = "contact_arrangements"
    PLACEMENT = "placement"
    FINANCIAL_SUPPORT = "financial_support"
    POLICY_IMPACT = "policy_impact"
    DATA_PROTECTION = "data_protection"
    DISCRIMINATION = "discrimination"
    OTHER = "other"


class Remedy(StrEnum):
    """What puts an issue right."""

    APOLOGY = "apology"
    EXPLANATION = "explanation"
    RECONSIDERATION = "reconsideration"
    SERVICE_PUT_RIGHT = "service_put_right"
    CHANGE_OF_PRACTICE = "change_of_practice"
    FINANCIAL = "financial"
    NONE = "none"
    """A decision too, with its reason: what was upheld is put right, or it is said why not (law.md §6, fault 13)."""


class ActionSource(StrEnum):
    """What an action follows from."""

    LESSON = "lesson"
    REMEDY = "remedy"
    PANEL = "panel"
    """A recommendation of the review panel (SI 2006/1738, reg. 20)."""
    OMBUDSMAN = "ombudsman"


class Wish(StrEnum):
    """What a person answers when the chat asks how they want to be treated (practice.md §4). An officer reads it on the case."""

    CHANGES_THIS_WEEK = "changes_this_week"
    CHANGES_LATER = "changes_later"
    MAY_CHANGE = "may_change"
    """The words that came with it may say that something changes, and when."""
    NOTHING_CHANGES = "nothing_changes"
    SOMEBODY_NOT_TOLD = "somebody_not_told"
    """There is somebody who is not to be told that they wrote; who, may follow in words."""
    NOT_TELL = "not_tell"
    """The words that came with it say who."""
    TELL_ANYONE = "tell_anyone"
    ANYONE_TALKS = "anyone_talks"
    CHOSEN_TO_TALK = "chosen_to_talk"
    """The words that came with it say who should talk to them."""
    WRITE_HERE = "write_here"
    CALL = "call"
    CALL_ON = "call_on"
    """The words that came with it say on which number, and when."""
    MEET = "meet"
    HELP_TO_TALK = "help_to_talk"
    """The words that came with it say what helps them to read, hear or talk (Equality Act 2010, s. 20)."""
    NO_HELP_TO_TALK = "no_help_to_talk"
    EASY_WORDS = "easy_words"
    PLAIN_WORDS = "plain_words"
    MORE_DETAIL = "more_detail"
    CHILD_KNOWS = "child_knows"
    CHILD_KNOWS_NOT = "child_knows_not"
    CHILD_TOO_YOUNG = "child_too_young"
    SHARE_NAMED = "share_named"
    """Their thanks may be shown to who is thanked, with their words and their name."""
    SHARE_WORDS = "share_words"
    """With their words, and without their name."""
    SHARE_TELL = "share_tell"
    """Who is thanked is told that somebody did, and nothing of the words."""


class Felt(StrEnum):
    """Whether somebody felt listened to, asked some days after their answer."""

    YES = "yes"
    A_BIT = "a_bit"
    NO = "no"


class Sharing(StrEnum):
    """How far a person lets their thanks be told. Never with their name, unless they say so."""

    NOBODY = "nobody"
    PERSON_PRAISED = "person_praised"
    ANONYMOUSLY = "anonymously"
    """Counted in reports as well, without their words."""
    WITH_WORDS = "with_words"
    """In reports their words may stand, too."""


class Ground(StrEnum):
    """Why an issue may have to wait for other proceedings (SI 2006/1738, reg. 8(1)(a) to (d))."""

    COURT_OR_TRIBUNAL = "court_or_tribunal"
    """The complainant said in writing that they take, or mean to take, a court or tribunal action."""
    DISCIPLINARY = "disciplinary"
    """The council takes, or proposes, disciplinary action."""
    CRIMINAL_INVESTIGATION = "criminal_investigation"
    """The council was told of an investigation in contemplation of criminal proceedings."""
    CRIMINAL_PROCEEDINGS = "criminal_proceedings"


class Matter(StrEnum):
    """What an officer decides where the law gives a choice. Each is weighed in words."""

    INTEREST = "interest"
    LATE = "late"
    LATE_PANEL = "late_panel"
    PREJUDICE = "prejudice"
    FREEZE = "freeze"
    EARLY_REFERRAL = "early_referral"
    OVERRUN = "overrun"
    TRANSFER = "transfer"
    REOPENING = "reopening"
    ANSWER = "answer"  # one that was no draft of ours: who wrote, checked and signed it (practice.md §5.2)


class Event(StrEnum):
    """Something that happened, dated; by the name of its field, without `_on`. Deadlines are derived from these alone."""

    RECEIVED = "received"
    GROUNDS_AROSE = "grounds_arose"
    RECEIPT_SENT = "receipt_sent"
    READ = "read"
    ROUTE = "route"
    ACKNOWLEDGED = "acknowledged"
    REG11_INFO_SENT = "reg11_info_sent"
    INTEREST_QUESTIONED = "interest_questioned"
    """Standing turns on reg. 12: the council must decide whether the interest is sufficient."""
    INTEREST_DECIDED = "interest_decided"
    INTEREST_REFUSED = "interest_refused"
    LATE_ACCEPTED = "late_accepted"  # both tests of reg. 9(2) hold: it is considered though it came late
    LATE_REFUSED = "late_refused"
    FREEZE_ASKED = "freeze_asked"  # something that they complain about is about to change: whether it waits must be decided
    FREEZE_DECIDED = "freeze_decided"
    OVERRUN_AGREED = "overrun_agreed"  # they agree to wait longer than the law lets the council take; it moves no clock
    TRANSFERRED = "transferred"
    REOPENED = "reopened"
    WHOLLY_HELD = "wholly_held"
    """Nothing is left that could be considered before other proceedings end (SI 2006/1738, reg. 8)."""
    ADVOCACY_OFFERED = "advocacy_offered"
    ADVOCATE_REQUESTED = "advocate_requested"
    ADVOCATE_APPOINTED = "advocate_appointed"
    AGREED_START = "agreed_start"
    COMPLEX_DECIDED = "complex_decided"
    EXTENDED = "extended"
    S1_REPLY_SENT = "s1_reply_sent"
    S1_REPLY_RECEIVED = "s1_reply_received"
    S1_RESOLVED = "s1_resolved"
    TERMS_LETTER = "terms_letter"
    S2_REQUESTED = "s2_requested"
    S2_ACKNOWLEDGED = "s2_acknowledged"
    S2_EXTENDED = "s2_extended"
    SKIP_S1_AGREED = "skip_s1_agreed"
    RECORD_DRAFT = "record_draft"
    RECORD_FINAL = "record_final"
    IO_APPOINTED = "io_appointed"
    IP_APPOINTED = "ip_appointed"
    DELAY_NOTICE = "delay_notice"
    S2_NOTICE_SENT = "s2_notice_sent"
    S2_NOTICE_RECEIVED = "s2_notice_received"
    S3_REQUESTED = "s3_requested"
    S3_ACKNOWLEDGED = "s3_acknowledged"
    CHAIR_APPOINTED = "chair_appointed"
    PAPERS_OUT = "papers_out"
    PANEL = "panel"
    PANEL_REPORT = "panel_report"
    RECOMMENDATIONS_RECEIVED = "recommendations_received"
    S3_RESPONSE = "s3_response"
    S3_LATE_ACCEPTED = "s3_late_accepted"
    S3_LATE_REFUSED = "s3_late_refused"
    EARLY_REFERRED = "early_referred"
    PREJUDICE_DECIDED = "prejudice_decided"
    HOLD_LETTER = "hold_letter"
    CONCURRENT_ENDED = "concurrent_ended"
    RESUBMITTED = "resubmitted"
    COMPLAINANT_KNEW = "complainant_knew"
    WITHDRAWAL_ASKED = "withdrawal_asked"
    WITHDRAWN = "withdrawn"
    WITHDRAWAL_CONFIRMED = "withdrawal_confirmed"
    DISCUSSION = "discussion"
    """The meeting or call that some procedures offer at stage 1 (SI 2014/1795 (W), reg. 17)."""
    AGREED_END = "agreed_end"
    """A later last day that the complainant agreed to, where the procedure lets both agree on one (SI 2009/309, reg. 14(3))."""
    OMBUDSMAN_ENQUIRY = "ombudsman_enquiry"
    OMBUDSMAN_REPLY_BY = "ombudsman_reply_by"  # the day that the Ombudsman's enquiry letter names: set by them, never by us
    OMBUDSMAN_REPLIED = "ombudsman_replied"
    OMBUDSMAN_DECIDED = "ombudsman_decided"
    RECOMMENDATIONS_BY = "recommendations_by"  # the day by which their decision wants its recommendations done
    RECOMMENDATIONS_DONE = "recommendations_done"
    MEDIATION_AGREED = "mediation_agreed"  # stops no clock, and takes no stage away
    MEDIATION_ENDED = "mediation_ended"
    PROVIDER_ASKED = "provider_asked"  # a home or agency answers for itself, beside our own answer
    PROVIDER_ANSWERED = "provider_answered"
    ADVICE_RECEIVED = "advice_received"
    DP_ACKNOWLEDGED = "dp_acknowledged"
    RESPONDED = "responded"
    YEAR_ENDED = "year_ended"  # 31 March, of no case: the annual report is owed (SI 2006/1738, reg. 13(3))
    REPORT_COMPILED = "report_compiled"
    ASSIGNED = "assigned"
    NOTED = "noted"
    CLOSED = "closed"


class ClockKind(StrEnum):
    """By what force a clock runs."""

    STATUTORY = "statutory"
    GUIDANCE = "guidance"
    LOCAL = "local"
    ADVISORY = "advisory"
    DISCRETIONARY = "discretionary"
    EXTERNAL = "external"


class Timeliness(StrEnum):
    """The one definition of in time and late, used by status, reminder, digest and report."""

    IN_TIME = "in_time"
    LATE = "late"
    OPEN_IN_TIME = "open_in_time"
    OPEN_LATE = "open_late"


class Notice(StrEnum):
    """Something we must or may tell someone. Each is a folder of templates."""

    # to the person who wrote
    RECEIPT = "receipt"  # automatic, within a minute: we have it, who reads it by when; starts no legal clock
    THANKS = "thanks"
    ADDED = "added"
    STATUS = "status"
    NOTHING = "nothing"  # the same words for everyone whom we cannot know, whether a case exists or not
    ACKNOWLEDGEMENT = "acknowledgement"  # the officer's: what we understood, which way, who answers by when; the Code's clock
    RESPONSE = "response"
    LETTER = "letter"  # drafted, checked and signed, word for word, with its file
    WITHDRAWAL_ASKED = "withdrawal_asked"
    PASSED_TO_TEAM = "passed_to_team"  # an advocate, a call, a next step was asked for by email: a person will do it
    LATE = "late"
    INTEREST_ACCEPTED = "interest_accepted"
    INTEREST_REFUSED = "interest_refused"
    LATE_ACCEPTED = "late_accepted"
    LATE_REFUSED = "late_refused"
    FREEZE = "freeze"  # whether a change waits until the complaint is considered
    LATER_START = "later_start"  # they asked for it: stage 1 starts on that day
    HOLD = "hold"
    RESUBMIT = "resubmit"  # what waited for other proceedings can be brought back
    ADVOCATE_PENDING = "advocate_pending"
    EXTENSION = "extension"
    TERMS = "terms"
    S2_ACKNOWLEDGEMENT = "s2_acknowledgement"
    S2_DELAY = "s2_delay"
    S2_RESPONSE = "s2_response"
    LATE_PANEL_ACCEPTED = "late_panel_accepted"
    LATE_PANEL_REFUSED = "late_panel_refused"
    EARLY_REFERRAL = "early_referral"  # to the Ombudsman after stage 2, without a panel, as both sides agreed
    S3_ACKNOWLEDGEMENT = "s3_acknowledgement"
    PANEL_REPORT = "panel_report"
    S3_RESPONSE = "s3_response"
    WITHDRAWAL_CONFIRMED = "withdrawal_confirmed"
    REROUTED = "rerouted"
    TRANSFERRED = "transferred"  # to the body whose matter it is, with their consent: no answer of ours
    REOPENED = "reopened"  # what was closed, withdrawn or passed on goes on
    DP_ACKNOWLEDGEMENT = "dp_acknowledgement"
    CLOSURE = "closure"
    ISSUES_FOR_YOU = "issues_for_you"  # the numbered list of what we understood, to confirm or mend
    YOU_SAID_WE_DID = "you_said_we_did"
    BEHAVIOUR = "behaviour"  # a warning or a plan, and what became of it
    SCREEN = "screen"  # a turn of the chat; which one stands in the facts
    # to staff
    NEW_CASE_FOR_STAFF = "new_case_for_staff"
    SAFETY_ALERT = "safety_alert"
    REMINDERS = "reminders"
    PRAISE = "praise"  # thanks for somebody, passed on as far as the person allowed
    DIGEST = "digest"
    TROUBLE = "trouble"
