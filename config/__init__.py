"""The project: settings, URLs, the embedded PostgreSQL and the processes that make up a run."""
