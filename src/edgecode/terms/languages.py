"""Tags of languages as scopes and questions name them: BCP 47 (RFC 5646, the forms with a language of two or three letters)."""

import re

from edgecode.errors import InputError

LANGUAGE_TAG = r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*"
"""What a tag looks like: ``de``, ``pt-BR``, ``zh-Hant-TW``."""

_NAMES = """
    afrikaans af, albanian sq, amharic am, arabic ar, armenian hy, azerbaijani az, basque eu, belarusian be, bengali bn, bosnian bs,
    bulgarian bg, burmese my, cantonese yue, castilian es, catalan ca, chinese zh, croatian hr, czech cs, danish da, dutch nl, english en,
    estonian et, farsi fa, filipino fil, finnish fi, flemish nl-BE, french fr, galician gl, georgian ka, german de, greek el, gujarati gu,
    hausa ha, hebrew he, hindi hi, hungarian hu, icelandic is, igbo ig, indonesian id, irish ga, italian it, japanese ja, kannada kn,
    kazakh kk, khmer km, korean ko, kurdish ku, lao lo, latin la, latvian lv, lithuanian lt, luxembourgish lb, macedonian mk, malay ms,
    malayalam ml, maltese mt, mandarin cmn, marathi mr, mongolian mn, nepali ne, norwegian no, pashto ps, persian fa, polish pl,
    portuguese pt, punjabi pa, romanian ro, russian ru, serbian sr, sinhala si, slovak sk, slovenian sl, somali so, spanish es, swahili sw,
    swedish sv, tagalog tl, tamil ta, telugu te, thai th, tibetan bo, turkish tr, ukrainian uk, urdu ur, uzbek uz, vietnamese vi, welsh cy,
    xhosa xh, yiddish yi, yoruba yo, zulu zu,
    deutsch de, englisch en, español es, espanol es, français fr, francais fr, italiano it, português pt, portugues pt, polski pl,
    nederlands nl, svenska sv, norsk no, dansk da, suomi fi, türkçe tr
"""
_TAGS = dict(one.split() for one in _NAMES.split(","))


def require_languages(words: tuple[str, ...] | None) -> None:
    """Raises InputError ``language.tag`` for a word that is no tag, with the tag of a language that it names."""
    for word in words or ():
        if word == "*" or re.fullmatch(LANGUAGE_TAG, word):
            continue
        tag = _TAGS.get(word.casefold())
        meant = f"{word} is written {tag}" if tag else "As in: de, pt-BR"
        raise InputError("language.tag", "a language is no tag of BCP 47", meant)
