"""What a sender can send that nobody should: a table, run against an installation."""
