"""The page of evidence: the logs, and what their verifying found."""
