"""What a rule is and how it is judged: packs, the catalogue of facts, the language of conditions, three values.

It reads values only: of `checks`, no more than a use and a scope; no index, no desk.
"""
