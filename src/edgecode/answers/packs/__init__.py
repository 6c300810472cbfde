"""What packs carry: answers about a cut with their evidence, disclosures, certificates, and what none of them proves."""
