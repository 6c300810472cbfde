"""The return form as one HTML page: it loads nothing, sends nothing, and saves what was filled in as a JSON file."""

import base64
import hashlib
from functools import lru_cache
from html import escape
from importlib.resources import files
from string import Template

import msgspec

from edgecode.answers.turnover.request import TurnoverRequest
from edgecode.ingest.turnover_form import SCHEMA


def form_page(request: TurnoverRequest) -> str:
    """The page as HTML text. Every text of *request* is escaped; its policy forbids other scripts and styles, and all loading."""
    style, script = _part("form.css"), _part("form.js")
    policy = f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none'; form-action 'none'"
    return Template(_part("form.html")).substitute(
        policy=policy,
        style=style,
        script=script,
        data=_inert(msgspec.json.encode({"returns": SCHEMA, "request": request})),
        title=escape(f"Return of turnover {request.number}"),
        number=escape(request.number),
        production=escape(request.production),
        due=escape(f"Due {request.due}. " if request.due else ""),
        rows=f"{len(request.rows):,}",
        frames=f"{sum(one.end - one.first for one in request.rows):,}",
        origin=escape(request.origin),
        turnover=escape(request.turnover),
    )


@lru_cache(maxsize=4)
def _part(name: str) -> str:
    return files("edgecode.answers.turnover").joinpath("static", name).read_text("utf-8")


def _hash(text: str) -> str:
    # Content Security Policy Level 3, 2.3.1: the digest is over the element's text, exactly as it stands between its tags.
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _inert(json: bytes) -> str:
    """JSON that no HTML parser can mistake for markup."""
    text = json.decode()
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
