"""What can be known of a client and an address."""
