"""The files that a graph names: every text input of a node that may be a file's name, before anybody looks where it lies."""

MODEL_ENDINGS = (".safetensors", ".sft", ".ckpt", ".pt", ".pth", ".pt2", ".bin", ".gguf", ".onnx", ".pkl")
_NAME_AT_MOST = 1024


def names_in(prompt):
    """(node, class, input, value) of every text input on one line, in the graph's order. Fast: it runs while a client waits."""
    found = []
    if not isinstance(prompt, dict):
        return found
    for node, body in list(prompt.items()):
        inputs = body.get("inputs") if isinstance(body, dict) else None
        if not isinstance(inputs, dict):
            continue
        for key, value in list(inputs.items()):
            for text in _texts(value):
                found.append((str(node), str(body.get("class_type")), str(key), text))
    return found


def _texts(value):
    """The texts that may name a file: the value itself, or the values of a stacked entry that is not switched off."""
    if isinstance(value, str):
        if value and len(value) <= _NAME_AT_MOST and "\n" not in value:
            yield value
    elif isinstance(value, dict) and value.get("on") is not False:
        for inner in list(value.values()):
            if isinstance(inner, str) and inner and len(inner) <= _NAME_AT_MOST and "\n" not in inner:
                yield inner


def files_named(names, find):
    """One entry for each name that is a file: {node, class, input, name, folder, path}; a model's name without a file has no path.

    *find*: from a name and whether its node loads to (folder, path), or None.
    """
    found = []
    for node, kind, key, name in names:
        at = find(name, "load" in kind.lower())
        entry = {"node": node, "class": kind, "input": key, "name": name}
        if at is not None:
            found.append(dict(entry, folder=at[0], path=at[1]))
        elif name.lower().endswith(MODEL_ENDINGS):
            found.append(dict(entry, folder=None, path=None))
    return found
