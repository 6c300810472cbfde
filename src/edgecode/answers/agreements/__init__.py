"""What in a cut relies on consents and licenses, what changed in them, and what taking one back reaches."""
