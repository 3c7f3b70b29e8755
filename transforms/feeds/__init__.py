"""Feeds: from requests to raw articles. Fetch or read them, guard them, parse them in a child."""
