"""Which Swedish holidays a day is, by the `holidays` library."""

from datetime import date
from functools import lru_cache

from shared.contracts.clinic_settings import Holiday

_CATEGORIES = ("public", "de_facto", "optional", "bank")
_NAMES = {
    "Nyårsdagen": Holiday.NEW_YEARS_DAY,
    "Trettondagsafton": Holiday.TWELFTH_NIGHT,
    "Trettondedag jul": Holiday.EPIPHANY,
    "Skärtorsdagen": Holiday.MAUNDY_THURSDAY,
    "Långfredagen": Holiday.GOOD_FRIDAY,
    "Påskafton": Holiday.EASTER_EVE,
    "Påskdagen": Holiday.EASTER_SUNDAY,
    "Annandag påsk": Holiday.EASTER_MONDAY,
    "Valborgsmässoafton": Holiday.WALPURGIS_NIGHT,
    "Första maj": Holiday.LABOUR_DAY,
    "Dag före Kristi himmelsfärdsdag": Holiday.ASCENSION_EVE,
    "Kristi himmelsfärdsdag": Holiday.ASCENSION_DAY,
    "Pingstafton": Holiday.PENTECOST_EVE,
    "Pingstdagen": Holiday.PENTECOST,
    "Nationaldagen": Holiday.NATIONAL_DAY,
    "Midsommarafton": Holiday.MIDSUMMER_EVE,
    "Midsommardagen": Holiday.MIDSUMMER_DAY,
    "Allahelgonsafton": Holiday.ALL_SAINTS_EVE,
    "Alla helgons dag": Holiday.ALL_SAINTS_DAY,
    "Julafton": Holiday.CHRISTMAS_EVE,
    "Juldagen": Holiday.CHRISTMAS_DAY,
    "Annandag jul": Holiday.BOXING_DAY,
    "Nyårsafton": Holiday.NEW_YEARS_EVE,
}


def holidays_on(day: date) -> frozenset[Holiday]:
    """The holidays that a day is: now and then Labour Day is Ascension Day as well."""
    return _of_year(day.year).get(day, frozenset())


@lru_cache(maxsize=64)
def _of_year(year: int) -> dict[date, frozenset[Holiday]]:
    """The library adds to a half day's name when banks close on it, and joins the names of one day."""
    # Not before somebody asks: with Sweden come the days of two hundred countries, 20 MB and 0.1 s of every start.
    from holidays.countries.sweden import Sweden  # noqa: PLC0415 -- as said

    days = Sweden(years=year, include_sundays=False, categories=_CATEGORIES, language="sv")
    names = {day: {name.partition(" (")[0] for name in joined.split("; ")} for day, joined in days.items()}
    found = {day: frozenset(_NAMES[name] for name in these if name in _NAMES) for day, these in names.items()}
    return {day: these for day, these in found.items() if these}
