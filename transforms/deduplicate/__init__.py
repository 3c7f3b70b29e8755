"""Which article is which: identity keys, equal contents, and one resolver that decides."""
