"""How fast the service is, beside the same work done by PostgreSQL alone."""
