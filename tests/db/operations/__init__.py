"""The register's own rules on backlog operations."""
