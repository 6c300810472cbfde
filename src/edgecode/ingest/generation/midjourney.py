"""Midjourney: PNG ``Description`` with the prompt, its flags and ``Job ID``; the author's name there is never kept."""

import re
from collections.abc import Sequence

from edgecode.ingest.generation.records import Record, seed_of
from edgecode.terms.cuts import Diagnostic
from edgecode.terms.steps import Generation, GraphPart, InputRole, ModelUse, NamedInput, NamedText, StepKind

_JOB = re.compile(r"\s*Job ID:\s*([0-9a-fA-F-]{36})\s*")
_FLAG = re.compile(r"(?:^|\s)--([a-z]{1,20})((?:\s+(?!--)\S+)*)")
_URL = re.compile(r"^https?://\S+$")
_REFERENCES = ("sref", "cref", "oref", "image")


def midjourney(records: Sequence[Record]) -> tuple[Generation | None, list[Diagnostic]]:
    """The generation that a Midjourney description tells of; None when there is none."""
    for record in records:
        match = _JOB.search(record.text)
        if record.key.lower() in ("description", "imagedescription", "usercomment", "comment") and match:
            return _generation(record.text[: match.start()].strip(), match[1].lower(), record), []
    return None, []


def _generation(text: str, job: str, record: Record) -> Generation:
    flags = {match[1]: match[2].strip() for match in _FLAG.finditer(text)}
    words = _FLAG.sub("", text).split()
    pictures = [word for word in words if _URL.match(word)]
    inputs = [NamedInput(url, InputRole.REFERENCE) for url in pictures]
    inputs += [
        NamedInput(url, InputRole.REFERENCE)
        for name in _REFERENCES
        for url in flags.get(name, "").split()
        if _URL.match(url)
    ]
    prompt = " ".join(word for word in words if not _URL.match(word))
    texts = [NamedText(prompt, "positive"), NamedText(flags.get("no", ""), "negative")]
    named = "niji " + flags["niji"] if "niji" in flags else "v " + (flags.get("v") or flags.get("version", ""))
    return Generation(
        tool="midjourney",
        kind=StepKind.GENERATE,
        models=(ModelUse(f"Midjourney {named}".strip(), "other"),) if named.strip() != "v" else (),
        seeds=tuple(seed for seed in (seed_of(flags.get("seed")),) if seed),
        settings={"job": job}
        | {name: value for name, value in flags.items() if name not in (*_REFERENCES, "no", "seed")},
        inputs=tuple(inputs),
        texts=tuple(item for item in texts if item.text),
        graph=(GraphPart(record.key, "text/plain", record.data),),
    )
