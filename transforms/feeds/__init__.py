"""Feeds: requests in, raw articles out. Fetched or read from disk, judged, parsed in a process of their own."""
