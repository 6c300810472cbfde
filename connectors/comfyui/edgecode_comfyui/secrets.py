"""Takes keys, tokens and passwords out of what the host hands over, and makes a plain copy of it that JSON can hold."""

import math
import re

REMOVED = "[removed]"
_NAMES = re.compile(
    r"api[\s_-]?key|auth(?!or)|secret|passw|passphrase|bearer|credential|private[\s_-]?key|cookie|access[\s_-]?key|webhook"
    r"|(?:^|[_\s-])token$|token_comfy|session[_-]?(?:id|key)",
    re.IGNORECASE,
)
_SHAPES = re.compile(
    r"\b(?:sk|pk|rk|hf|r8|gsk|nvapi|glpat|xox[a-z]|comfyui|ghp|gho|ghs|ghu|github_pat)[-_][A-Za-z0-9_-]{12,}"
    r"|\bAIza[A-Za-z0-9_-]{20,}|\bA[KS]IA[A-Z0-9]{12,}|\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*"
    r"|(?<=[Bb]earer )[A-Za-z0-9._~+/=-]{8,}|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"
)
_DEPTH_AT_MOST = 40
_TEXT_AT_MOST = 1 << 20


def plain(value, depth=0):
    """A copy of *value* without secrets, of JSON's own types alone. Numbers that JSON lacks become None, anything else its type's name."""
    if isinstance(value, dict):
        if depth > _DEPTH_AT_MOST:
            return None
        return {str(key): _under(str(key), inner, depth) for key, inner in list(value.items())}
    if isinstance(value, (list, tuple)):
        return [plain(inner, depth + 1) for inner in value] if depth <= _DEPTH_AT_MOST else None
    if isinstance(value, str):
        return _SHAPES.sub(REMOVED, value[:_TEXT_AT_MOST])
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        # A change mark may be NaN, and a strict reader refuses it.
        return value if math.isfinite(value) else None
    return "<%s>" % type(value).__name__


def _under(key, value, depth):
    if _NAMES.search(key) and isinstance(value, str) and value:
        return REMOVED
    return plain(value, depth + 1)
