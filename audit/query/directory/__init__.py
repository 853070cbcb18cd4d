"""Lists what one can choose from: subjects, event types, environments."""
