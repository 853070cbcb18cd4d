"""The house: settings, addresses, the embedded PostgreSQL and the processes that make up a run."""
