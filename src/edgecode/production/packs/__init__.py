"""Packs that carry evidence out of the house: answers with their events and proofs, opened sections, the verifier beside them."""
