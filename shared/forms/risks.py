"""What nobody should be asked to write into a form, and the words that give such a question away.

What is known from the sign-in, what opens an account elsewhere, and what concerns people who have not consented. Words
of both languages, because either text may show it.
"""

import re
from collections.abc import Iterator

from shared.forms.items import Text

_PEOPLE = "anhörig|närstående|partner|sambo|make|maka|mamma|pappa|syskon|granne|kolleg"
_PEOPLE_EN = "relative|partner|spouse|husband|wife|mother|father|sibling|neighbour|colleague"

RISKS: tuple[tuple[re.Pattern[str], Text], ...] = (
    (
        re.compile(
            r"person\s?(n|nr|nummer)\b|personnummer|samordningsn(r|ummer)|födelsenummer"
            r"|(identity|identification|personal|social security) number",
            re.IGNORECASE,
        ),
        Text("ett personnummer, som redan är känt", "a personal identity number, which is known already"),
    ),
    (
        re.compile(
            r"lösenord|\bpin-?kod|säkerhetskod|engångskod|bank-?id|password|passcode|\bpin code|one-time code",
            re.IGNORECASE,
        ),
        Text("ett lösenord eller en kod", "a password or a code"),
    ),
    (
        re.compile(r"kortnummer|kontonummer|\bcv[cv]\b|card number|account number", re.IGNORECASE),
        Text("uppgifter om betalning", "payment details"),
    ),
    (
        re.compile(
            rf"\b({_PEOPLE})\w*\s+(namn|adress|telefon|e-?post|diagnos|sjukdom|hälsa)"
            rf"|\b({_PEOPLE_EN})(['’]s|s['’])?\s+(name|address|phone|e-?mail|diagnos|illness|health)",
            re.IGNORECASE,
        ),
        Text("uppgifter om andra människor", "data about other people"),
    ),
    (
        re.compile(
            r"skyddade? (adress|identitet|personuppgift)|hemliga? adress"
            r"|protected (address|identity)|secret address",
            re.IGNORECASE,
        ),
        Text("skyddade uppgifter", "protected data"),
    ),
)


def risks_in(words: str) -> Iterator[Text]:
    """What the words of a question seem to ask for, of what they shouldn't."""
    return (what for pattern, what in RISKS if pattern.search(words))
