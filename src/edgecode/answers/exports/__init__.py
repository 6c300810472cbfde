"""What a production knows in forms of others: tables for questions across shows, and PROV-JSON."""
