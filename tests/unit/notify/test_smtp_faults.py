"""What a mail server's answer means: the table."""

import pytest

from services.notify.adapters.smtp_faults import Phase, outcome_of_reply, outcome_of_silence
from services.notify.domain.outcome import Verdict

SENDER, RECIPIENT, CONTENT, CONNECT = Phase.SENDER, Phase.RECIPIENT, Phase.CONTENT, Phase.CONNECT


@pytest.mark.parametrize(
    ("phase", "code", "text", "verdict"),
    (
        (CONNECT, 421, "4.3.2 Too busy", Verdict.PUT_OFF),
        (CONNECT, 554, "5.7.1 You are blocked", Verdict.PUT_OFF),  # the operator can mend that
        (CONNECT, 535, "5.7.8 Authentication failed", Verdict.PUT_OFF),
        (SENDER, 451, "4.3.0 Later", Verdict.PUT_OFF),
        (SENDER, 550, "5.7.1 Sender rejected", Verdict.PUT_OFF),
        (RECIPIENT, 450, "4.2.0 Greylisted", Verdict.PUT_OFF),
        (RECIPIENT, 451, "", Verdict.PUT_OFF),
        (RECIPIENT, 452, "4.2.2 Over quota", Verdict.PUT_OFF),
        (RECIPIENT, 552, "5.2.2 Mailbox full", Verdict.PUT_OFF),
        (RECIPIENT, 552, "Too much mail", Verdict.PUT_OFF),
        (RECIPIENT, 550, "5.1.1 User unknown", Verdict.NO_SUCH_ADDRESS),
        (RECIPIENT, 550, "5.1.10 Null MX", Verdict.NO_SUCH_ADDRESS),
        (RECIPIENT, 550, "5.2.1 Mailbox disabled", Verdict.NO_SUCH_ADDRESS),
        (RECIPIENT, 550, "No such user here", Verdict.NO_SUCH_ADDRESS),
        (RECIPIENT, 551, "User not local", Verdict.NO_SUCH_ADDRESS),
        (RECIPIENT, 553, "Mailbox name not allowed", Verdict.NO_SUCH_ADDRESS),
        (RECIPIENT, 501, "Syntax", Verdict.NO_SUCH_ADDRESS),
        (RECIPIENT, 550, "5.7.1 Relaying denied", Verdict.REFUSED),
        (RECIPIENT, 554, "Policy", Verdict.REFUSED),
        (CONTENT, 451, "4.3.0 Later", Verdict.PUT_OFF),
        (CONTENT, 552, "5.3.4 Too big", Verdict.REFUSED),
        (CONTENT, 554, "5.7.1 Spam", Verdict.REFUSED),
        (CONTENT, 550, "No", Verdict.REFUSED),
        (CONTENT, 550, "5.1.1 Gone after all", Verdict.NO_SUCH_ADDRESS),
        (CONTENT, 999, "no SMTP at all", Verdict.UNCERTAIN),
        (CONTENT, -1, "Malformed", Verdict.UNCERTAIN),
        (RECIPIENT, -1, "Malformed", Verdict.PUT_OFF),
    ),
)
def test_an_answer_means(phase: Phase, code: int, text: str, verdict: Verdict) -> None:
    assert outcome_of_reply(phase, code, text).verdict is verdict


def test_only_codes_are_kept_never_what_the_server_wrote() -> None:
    assert outcome_of_reply(RECIPIENT, 550, "5.1.1 <anna@example.org> unknown").code == "550 5.1.1"
    assert outcome_of_reply(RECIPIENT, 550, "<anna@example.org> unknown").code == "550"


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("timed_out", (True, False))
def test_only_after_the_content_nobody_can_know(phase: Phase, timed_out: bool) -> None:
    uncertain = outcome_of_silence(phase, timed_out=timed_out).verdict is Verdict.UNCERTAIN
    assert uncertain == (phase is CONTENT)
