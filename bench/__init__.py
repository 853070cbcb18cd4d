"""How fast is it, next to what in the same run? `make bench`; see `bench.__main__`."""
