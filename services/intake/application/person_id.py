"""Whether an identity number can be one: date and check digit (Luhn), as Skatteverket defines them.

The check digit is python-stdnum's. Its whole check of a personnummer takes 9 µs, since it reads all ways of writing
one; of twelve bare digits only the date remains to be checked, and it knows no coordination numbers. A test holds both
to be of one mind.
"""

from datetime import date, datetime

from stdnum import luhn
from stdnum.exceptions import ValidationError

from services.intake.domain.faults import NRID_WRONG, PERSON_ID_LENGTH, PERSON_ID_WRONG
from shared.contracts.commands.intake import PersonId
from shared.faults import Fault

LENGTH = 12
_COORDINATION = 60
"""Added to the day of birth in a coordination number."""


def fault_in(person: PersonId, now: datetime) -> Fault | None:
    """What is wrong with the number, or None. Says nothing about whether such a person exists."""
    value = person.value
    if person.kind == "nrid":
        return None if len(value) == LENGTH and value.isascii() and value.isalnum() else NRID_WRONG
    if len(value) != LENGTH or not (value.isascii() and value.isdigit()):
        return PERSON_ID_LENGTH
    day = int(value[6:8]) - (_COORDINATION if person.kind == "samordningsnummer" else 0)
    try:
        luhn.validate(value[2:])
        born = date(int(value[:4]), int(value[4:6]), day)
    except (ValidationError, ValueError):
        return PERSON_ID_WRONG
    return PERSON_ID_WRONG if born > now.date() else None
