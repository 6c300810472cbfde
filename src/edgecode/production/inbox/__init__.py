"""The inbox of a production: what writers without a signing key put in, what waits there, what the key's holder takes out."""
