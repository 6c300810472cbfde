"""Sealing the sections of an event under their keys, and opening them again.

AES-256-GCM, a fresh 12-byte nonce before the ciphertext; the event id and the section's name are authenticated with it, so a sealed
section fits one place only. The commitment in the leaf is over the plain bytes.
"""

from collections.abc import Callable, Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from edgecode.errors import InvalidError, RefusedError, UnverifiableError
from edgecode.events.codec import SALT_BYTES, Leaf, commitment, commitment_holds
from edgecode.events.kept_kinds import KEPT_KINDS, personal_sections
from edgecode.events.kinds import Event
from edgecode.events.registry import sections_of
from edgecode.events.sealed import SealedEvent, SealedSection
from edgecode.people.store import KEY_BYTES, KeyStore
from edgecode.terms.identity import RecordId

NONCE_BYTES = 12
PLAIN = frozenset({"fact", "bytes"})
OF_CAPTURES = frozenset({"bytes", "place", "recipe"})
"""What leads to the file of somebody's scan, voice or capture."""
OF_THE_PRODUCTION = frozenset({"place", "recipe", "graph"})
_SEALED_WITH = {
    # Places, names and digests of what is somebody's scan, voice or capture are resealed with that person's key.
    "place": ("p:", "s:"),
    "recipe": ("p:", "s:"),
    "graph": ("p:",),
    "text": ("t:",),
    "terms": ("a:", "s:"),
    "person": ("s:",),
}

_SUBJECT_OF_TEXT = (
    "contest",
    "credit",
    "take",
    "review",
    "history",
    "returned",
    "turnover",
    "step",
    "answer",
    "clip",
    "cut",
    "version",
    "production",
    "depiction",
    "hold",
    "disclosure",
    "paper",
    "use",
    "determination",
    "profile",
    "replica",
    "record",
    "decision",
)


def seal(
    event: Event,
    *,
    id: RecordId,
    ts: int,
    actor: str,
    keys: KeyStore,
    production: RecordId,
    randomness: Callable[[int], bytes],
    own: str = "",
) -> SealedEvent:
    """The leaf and the sealed sections of *event*, ready to append. *ts*: milliseconds since 1970; *randomness*: that many random bytes.

    *own*: the key of the person whose scan, voice or capture it is about, for digests, places and names; "": of nobody. Keys that do
    not exist yet are created and durable. Raises RefusedError ``people.key_destroyed`` when a section's key was destroyed.
    """
    sealed: list[SealedSection] = []
    commitments: dict[str, str] = {}
    sections = sections_of(event)
    # Asked for once: a call costs more than its bytes.
    chance = randomness(len(sections) * (SALT_BYTES + NONCE_BYTES))
    for place, (name, plain) in enumerate(sections.items()):
        salt, nonce = _salt_and_nonce(chance, place)
        commitments[name] = commitment(salt, plain)
        key_id = own if own and name in OF_CAPTURES else key_of(event, name, production=production)
        data = plain
        if key_id:
            key = _key(keys, key_id, randomness)
            data = nonce + AESGCM(key).encrypt(nonce, plain, _place(id, name))
        sealed.append(SealedSection(name, salt, key_id, data))
    leaf = Leaf(id=id, ts=ts, type=event.TYPE, actor=actor, refs=event.refs(), commitments=commitments)
    return SealedEvent(leaf.encode(), tuple(sealed))


def key_of(event: Event, section: str, *, production: RecordId) -> str:
    """The id of the key that a section is sealed with; "" for plain ones (FORMATS, "Leaf and sections").

    ``p:`` the production, ``t:`` the record that a text belongs to, ``a:`` an agreement, ``s:`` a person. Of a small record, a use or a
    document that names somebody, the words, digests and places are that person's as well.
    """
    if section in OF_CAPTURES and isinstance(event, KEPT_KINDS) and section in personal_sections(event):
        subject = getattr(getattr(event, "person", None), "subject", "")
        if subject:
            return f"s:{subject}"
    if section in PLAIN:
        return ""
    if section in OF_THE_PRODUCTION:
        return f"p:{production}"
    if section == "terms":
        return f"a:{_named(event, section, ('agreement',))}"
    if section == "person":
        return f"s:{_named(event, section, ('subject',))}"
    return f"t:{_named(event, 'fact', _SUBJECT_OF_TEXT)}"


def open_sections(leaf: Leaf, sections: Iterable[SealedSection], *, keys: KeyStore, entry: int) -> dict[str, bytes]:
    """The plain bytes of every section whose key was not destroyed, by name; each is what the leaf of *entry* commits to.

    Raises InvalidError ``people.section_unopened`` when a key does not open what it should, ``people.section_altered`` for a section
    that the leaf does not commit to, and UnverifiableError ``people.key_absent`` when a key is gone that nobody destroyed: a
    section that is only left out could make an answer better.
    """
    opened: dict[str, bytes] = {}
    for section in sections:
        if not section.key_id.startswith(_SEALED_WITH.get(section.name, "")):
            raise _altered(section, entry)
        plain = open_section(leaf, section, keys=keys)
        if plain is None:
            if not keys.is_destroyed(section.key_id):
                raise _without_key(section, entry)
        elif commitment_holds(section.salt, plain, leaf.commitments.get(section.name, "")):
            opened[section.name] = plain
        else:
            raise _altered(section, entry)
    return opened


def open_section(leaf: Leaf, section: SealedSection, *, keys: KeyStore) -> bytes | None:
    """The plain bytes of one section, not compared with its commitment; None without its key.

    Raises InvalidError ``people.section_unopened``.
    """
    if not section.key_id:
        return section.data
    key = keys.key(section.key_id)
    if key is None:
        return None
    nonce, ciphertext = section.data[:NONCE_BYTES], section.data[NONCE_BYTES:]
    try:
        return AESGCM(key).decrypt(nonce, ciphertext, _place(leaf.id, section.name))
    except (InvalidTag, ValueError) as error:
        raise InvalidError(
            "people.section_unopened",
            f"section {section.name} of event {leaf.id} is not what was sealed with its key in keys.db",
            "Bring back the keys.db of this production, then run: edgecode log verify",
        ) from error


def resealed(
    leaf: Leaf,
    section: SealedSection,
    *,
    key_id: str,
    keys: KeyStore,
    entry: int,
    randomness: Callable[[int], bytes],
) -> SealedSection:
    """The same plain bytes and salt under another key, made if it is not there yet; the commitment does not change.

    Raises what `open_sections` raises, UnverifiableError ``people.key_absent`` also for a section whose key was destroyed.
    """
    plain = open_sections(leaf, [section], keys=keys, entry=entry).get(section.name)
    if plain is None:
        raise _without_key(section, entry)
    nonce = randomness(NONCE_BYTES)
    data = nonce + AESGCM(_key(keys, key_id, randomness)).encrypt(nonce, plain, _place(leaf.id, section.name))
    return SealedSection(section.name, section.salt, key_id, data)


def opener(keys: KeyStore) -> Callable[[Leaf, SealedSection], bytes | None]:
    """`open_section` with these keys, as the verification of a log takes it."""
    return lambda leaf, section: open_section(leaf, section, keys=keys)


def _altered(section: SealedSection, entry: int) -> InvalidError:
    return InvalidError(
        "people.section_altered",
        f"section {section.name} of entry {entry} is not what the entry commits to",
        "Bring back an unaltered copy of the ledger; edgecode log verify lists everything that is wrong",
    )


def _without_key(section: SealedSection, entry: int) -> UnverifiableError:
    return UnverifiableError(
        "people.key_absent",
        f"the key of section {section.name} of entry {entry} is not in keys.db",
        "Bring back the keys.db that was kept with this production",
    )


def _salt_and_nonce(chance: bytes, place: int) -> tuple[bytes, bytes]:
    first = place * (SALT_BYTES + NONCE_BYTES)
    end = first + SALT_BYTES
    return chance[first:end], chance[end : end + NONCE_BYTES]


def _place(event_id: RecordId, section: str) -> bytes:
    return event_id.encode() + b"\n" + section.encode()


def _named(event: Event, section: str, fields: tuple[str, ...]) -> str:
    part = getattr(event, section, None)
    for field in fields:
        found = getattr(part, field, "")
        if found:
            return str(found)
    raise ValueError(f"{event.TYPE}: no field of `{section}` names whose key seals it")


def _key(keys: KeyStore, key_id: str, randomness: Callable[[int], bytes]) -> bytes:
    key = keys.key(key_id)
    if key is None:
        keys.create(key_id, randomness(KEY_BYTES))
        key = keys.key(key_id)  # another process may have been first
    if key is None:
        raise RefusedError(
            "people.key_destroyed", "what this event is about was erased", "Record it without that section"
        )
    return key
