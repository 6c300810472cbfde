"""Words for places: ISO 3166-1 alpha-2, ISO 3166-2 below a country, and ``EU``; what a typed territory is checked against."""

import re

_COUNTRIES = """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK
    CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS
    GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV
    LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM
    PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR
    TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
"""
_EU_MEMBERS = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
_US_STATES = """
    AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT
    VA WA WV WI WY DC AS GU MP PR UM VI
"""
COUNTRIES = frozenset(_COUNTRIES.split())
EU_MEMBERS = frozenset(_EU_MEMBERS.split())
US_STATES = frozenset(_US_STATES.split())
_BELOW = re.compile(r"([A-Z]{2})-([A-Z0-9]{1,3})")


def is_territory(word: str) -> bool:
    """Whether *word* is ``EU``, a country, or a part of one (``US-CA``). Parts are known of the United States; elsewhere their form is."""
    if word == "EU" or word in COUNTRIES:
        return True
    below = _BELOW.fullmatch(word)
    if below is None:
        return False
    return below[2] in US_STATES if below[1] == "US" else below[1] in COUNTRIES
