"""What senders send, decoded into events."""
