"""JSON bodies to events: where each begins and ends, what it holds exactly, how it fits."""
