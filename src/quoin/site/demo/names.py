"""Names that the invented people and firms are made of."""

from __future__ import annotations

from itertools import product
from typing import Final

from quoin.site.demo.chance import Chance

_PEOPLE: Final = (
    (
        "Kari Jonas Anders Sigrid Lars Ida Henrik Solveig Erik Maja Nils Astrid Mikkel Freja",
        "Berg Dahl Lund Nygaard Holm Strand Eriksen Lindqvist Aas Moen",
    ),
    (
        "Lena Felix Katrin Jan Miriam Lukas Sabine Florian Anja Moritz Greta Paul Svenja Till",
        "Vogt Krause Lindner Seidel Kessler Brandl Reuter Hartmann Ziegler Pohl",
    ),
    (
        "Emma Oliver Priya Callum Niamh Rhys Aisha George Fiona Owen Zara Liam Chloe Kwame",
        "Ashworth Bennett Okafor Doyle Whitfield Mensah Hughes Shaw Pritchard Clarke",
    ),
    (
        "Lucia Diego Sofia Mateo Camille Luc Elodie Bruno Chiara Marco Ines Rui Helena Andrei",
        "Moreno Laurent Ferreira Conti Navarro Dubois Ricci Almeida Popescu Marchetti",
    ),
    (
        "Yuki Minh Arjun Leila Omar Farah Wei Haruto Anjali Selin Emre Dilan Nadia Tariq",
        "Nakamura Tran Iyer Haddad Rahman Chen Sato Yilmaz Demir Nguyen",
    ),
)
_FIRST_WORDS: Final = (
    "Alder Amber Arctic Aurora Bay Birch Breda Brisa Cedar Cobalt Coral Delta Dune Ember Falk Fen Ferro Gale Gamla"
    " Garnet Grove Harbour Hazel Heron Iris Juniper Kelda Kestrel Klippe Lark Linden Lumen Maple Marsh Merle Mistral"
    " Nova Oak Onyx Orme Osprey Pike Prisma Quay Ravn Ridge Rowan Salt Sable Sirius Sol Sparrow Stella Tarn Thorn"
    " Tide Trillium Umber Vale Valor Verdant Vinter Wharf Willow Yarrow Zephyr"
)
_TRADES: Final = (
    "Foods Logistics Energy Textiles Dairy Shipping Plastics Optics Health Pharma Paper Glass Retail Media Insurance"
    " Timber Castings Packaging Robotics Water Bearings Ceramics Hotels Publishing Foundry"
)
_FORMS: Final = {
    "DE": "GmbH", "NO": "AS", "GB": "Ltd", "FR": "SARL", "NL": "B.V.", "US": "Inc.", "SE": "AB", "DK": "ApS",
    "AT": "GmbH", "BE": "BV", "FI": "Oy", "CH": "AG",
}  # fmt: skip


def people(chance: Chance, count: int, *, taken: frozenset[str]) -> list[str]:
    """So many different names from several cultures."""
    pools = [
        chance.shuffled(f"{first} {last}" for first, last in product(firsts.split(), lasts.split()))
        for firsts, lasts in _PEOPLE
    ]
    found: list[str] = []
    surnames_left = {name: 3 for _, lasts in _PEOPLE for name in lasts.split()}
    while len(found) < count:
        pool = pools[len(found) % len(pools)] if any(pools) else []
        name = pool.pop()
        surname = name.split()[-1]
        if name not in taken and surnames_left[surname]:
            surnames_left[surname] -= 1
            found.append(name)
    return found


def firms(chance: Chance, countries: list[str]) -> list[tuple[str, str]]:
    """(short name, legal name) of an invented firm for each of the countries; no two begin with the same word."""
    firsts = chance.shuffled(_FIRST_WORDS.split())
    found = []
    for number, country in enumerate(countries):
        short = f"{firsts[number % len(firsts)]} {chance.one_of(_TRADES.split())}"
        found.append((short, f"{short} {_FORMS.get(country, 'Ltd')}"))
    return found
