"""Assembles verify.html from its parts: one static file whose policy lets it load nothing and run only its own script and style."""

import base64
import hashlib
from functools import lru_cache
from html import escape
from importlib.resources import files
from string import Template

from edgecode.answers.packs.limits import LIMITS

SCRIPTS = (
    "zip.js",
    "json.js",
    "sha256.js",
    "merkle.js",
    "notes.js",
    "policy.js",
    "forms.js",
    "facts.js",
    "answer.js",
    "papers.js",
    "pack.js",
    "page.js",
)


@lru_cache(maxsize=1)
def verify_page() -> bytes:
    """The page's bytes; the same in every pack of a release."""
    style = _part("verify.css")
    script = '"use strict";\n' + "".join(_part(name) for name in SCRIPTS)
    policy = f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none'; form-action 'none'"
    filled = Template(_part("verify.html")).substitute(
        policy=policy,
        style=style,
        script=script,
        not_proved="".join(f"<li>{escape(text)}</li>" for text in LIMITS),
    )
    return filled.encode()


def _part(name: str) -> str:
    return files("edgecode.answers.verify_page").joinpath("static", name).read_text("utf-8")


def _hash(text: str) -> str:
    # Content Security Policy Level 3, 2.3.1: the digest is over the element's text, exactly as it stands between its tags.
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
