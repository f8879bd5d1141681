"""Sweden's regions: the two-digit county codes (länskoder) as Statistics Sweden, SCB, lists them.

Source: SCB, "Län och kommuner i kodnummerordning". 02, 11, 15 and 16 are counties that were merged into others.
"""

from collections.abc import Mapping

NAMES: Mapping[str, str] = {
    "01": "Stockholms län",
    "03": "Uppsala län",
    "04": "Södermanlands län",
    "05": "Östergötlands län",
    "06": "Jönköpings län",
    "07": "Kronobergs län",
    "08": "Kalmar län",
    "09": "Gotlands län",
    "10": "Blekinge län",
    "12": "Skåne län",
    "13": "Hallands län",
    "14": "Västra Götalands län",
    "17": "Värmlands län",
    "18": "Örebro län",
    "19": "Västmanlands län",
    "20": "Dalarnas län",
    "21": "Gävleborgs län",
    "22": "Västernorrlands län",
    "23": "Jämtlands län",
    "24": "Västerbottens län",
    "25": "Norrbottens län",
}
NOWHERE = ""
"""A clinic that was opened before regions were known: only national administrators reach it from outside."""
