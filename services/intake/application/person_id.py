"""Whether an identity number can be one: date and check digit (Luhn), as Skatteverket defines them.

python-stdnum's check of a personnummer takes 9 µs, since it reads all ways of writing one, and its Luhn alone 8; of
twelve bare digits little remains to be checked, and it knows no coordination numbers. A test holds both to be of one
mind.
"""

from datetime import date, datetime

from services.intake.domain.faults import NRID_WRONG, PERSON_ID_LENGTH, PERSON_ID_WRONG
from services.intake.domain.offering import Traits
from shared.contracts.clinic_settings import Sex
from shared.contracts.commands.intake import PersonId
from shared.faults import Fault

LENGTH = 12
_COORDINATION = 60
"""Added to the day of birth in a coordination number."""
_DOUBLED = str.maketrans("0123456789", "0246813579")


def fault_in(person: PersonId, now: datetime) -> Fault | None:
    """What is wrong with the number, or None. Says nothing about whether such a person exists."""
    value = person.value
    if person.kind == "nrid":
        return None if len(value) == LENGTH and value.isascii() and value.isalnum() else NRID_WRONG
    if len(value) != LENGTH or not (value.isascii() and value.isdigit()):
        return PERSON_ID_LENGTH
    day = int(value[6:8]) - (_COORDINATION if person.kind == "samordningsnummer" else 0)
    try:
        born = date(int(value[:4]), int(value[4:6]), day)
    except ValueError:
        return PERSON_ID_WRONG
    return PERSON_ID_WRONG if born > now.date() or not _adds_up(value[2:]) else None


def _adds_up(digits: str) -> bool:
    """Luhn over ten digits: the first, third … ninth count double, with the digits of the double added."""
    return (sum(map(int, digits[::2].translate(_DOUBLED))) + sum(map(int, digits[1::2]))) % 10 == 0


def traits_of(person: PersonId) -> Traits:
    """What the number tells of the person."""
    return Traits(born_on(person), sex_of(person))


def sex_of(person: PersonId) -> Sex | None:
    """What the last digit but one says, odd for men; None where the number doesn't tell, as in a reserve number."""
    digit = person.value[-2:-1]
    if person.kind == "nrid" or not (digit.isascii() and digit.isdigit()):
        return None
    return Sex.MALE if int(digit) % 2 else Sex.FEMALE


def born_on(person: PersonId) -> date | None:
    """The day of birth, or None where the number doesn't tell: in a reserve number, or a wrong one."""
    value = person.value
    if person.kind == "nrid" or len(value) != LENGTH or not (value.isascii() and value.isdigit()):
        return None
    day = int(value[6:8]) - (_COORDINATION if person.kind == "samordningsnummer" else 0)
    try:
        return date(int(value[:4]), int(value[4:6]), day)
    except ValueError:
        return None
