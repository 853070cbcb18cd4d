"""The embedded PostgreSQL: made, sized, started, watched and stopped by the product itself."""
