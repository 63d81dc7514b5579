"""Made-up members: 151 people in 21 Member States, the size of a community this program is for."""

import csv
import io

# Country, language, zone, how many people.
_STATES = [
    ("AT", "de", "Europe/Vienna", 7), ("BE", "fr", "Europe/Brussels", 24), ("BG", "bg", "Europe/Sofia", 5),
    ("CY", "el", "Asia/Nicosia", 4), ("CZ", "cs", "Europe/Prague", 6), ("DE", "de", "Europe/Berlin", 12),
    ("EE", "et", "Europe/Tallinn", 4), ("EL", "el", "Europe/Athens", 9), ("ES", "es", "Europe/Madrid", 10),
    ("FI", "fi", "Europe/Helsinki", 7), ("FR", "fr", "Europe/Paris", 9), ("HR", "hr", "Europe/Zagreb", 4),
    ("IE", "en", "Europe/Dublin", 8), ("IT", "it", "Europe/Rome", 12), ("LT", "lt", "Europe/Vilnius", 4),
    ("LV", "lv", "Europe/Riga", 4), ("NL", "nl", "Europe/Amsterdam", 5), ("PL", "pl", "Europe/Warsaw", 6),
    ("PT", "pt", "Europe/Lisbon", 3), ("PT", "pt", "Atlantic/Azores", 2), ("RO", "ro", "Europe/Bucharest", 3),
    ("SE", "sv", "Europe/Stockholm", 3),
]
_CATEGORIES = ["managing authority", "NGO", "intermediate body", "implementing organisation", "line ministry",
               "non-profit organisation", "other stakeholder"]
_GIVEN = ["Ana", "Bjørn", "Chloé", "Dimitra", "Éamon", "Fátima", "Giulia", "Håkan", "Ieva", "Jürgen", "Katarzyna",
          "Łukasz", "Márta", "Niamh", "Ólafur", "Petra", "Quirin", "Radka", "Søren", "Tiago"]
_FAMILY = ["Ó Briain", "García", "Müller", "Παπαδοπούλου", "Rossi", "Nowak", "Virtanen", "Petrov", "Jansen", "Silva"]


def members(count=151):
    """The first `count` members as the API takes them."""
    found = []
    for country, language, zone, number in _STATES:
        for _ in range(number):
            n = len(found)
            found.append({
                "email": f"member{n:03d}@{country.lower()}.convoke.example",
                "name": f"{_GIVEN[n % len(_GIVEN)]} {_FAMILY[n // len(_GIVEN) % len(_FAMILY)]}",
                "organisation": f"Organisation {n // 3:02d} {country}",
                "category": _CATEGORIES[n % len(_CATEGORIES)],
                "country": "GR" if country == "EL" else country,
                "language": language, "timeZone": zone, "role": "member"})
    assert len(found) == 151 and len({member["country"] for member in found}) == 21
    # The first few cover the clocks that differ most.
    firsts = [next(m for m in found if m["timeZone"] == zone)
              for zone in ("Europe/Dublin", "Europe/Athens", "Atlantic/Azores", "Europe/Brussels")]
    return (firsts + [member for member in found if member not in firsts])[:count]


def as_csv(people):
    """The same members as the file that `convoke import members` reads."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(people[0]))
    writer.writeheader()
    writer.writerows(people)
    return text.getvalue()
