"""Tax ids, checked by their check digits (python-stdnum); no register is asked."""

from __future__ import annotations

from stdnum import exceptions
from stdnum.ch import uid as ch_uid
from stdnum.eu import vat as eu_vat
from stdnum.gb import vat as gb_vat
from stdnum.no import mva

from quoin.kernel.errors import invalid
from quoin.kernel.words import say

_OUTSIDE_EU = {"GB": gb_vat, "NO": mva, "CH": ch_uid}


def checked_vat_id(text: str, *, country: str, pointer: str = "/vat_id") -> str:
    """The VAT id in its compact form; Invalid if its form or check digits are wrong.

    Countries whose ids are unknown here pass as typed, without spaces.
    """
    compact = "".join(text.split()).upper().replace("-", "").replace(".", "")
    if not compact:
        return ""
    try:
        if country in _OUTSIDE_EU:
            return str(_OUTSIDE_EU[country].validate(compact))
        if country.lower() in eu_vat.MEMBER_STATES:
            prefix = "EL" if country == "GR" else country
            return str(eu_vat.validate(compact if compact[:2].isalpha() else prefix + compact))
    except exceptions.ValidationError as fault:
        raise invalid(
            pointer,
            say(
                "%(text)s is not a valid VAT id of %(country)s: %(fault)s. Check it with the client.",
                text=repr(text.strip()),
                country=country,
                fault=fault,
            ),
        ) from fault
    return compact
