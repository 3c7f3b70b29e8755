"""How newslake names itself to servers."""

import newslake


def user_agent(contact: str | None) -> str:
    """Return the User-Agent header, which names newslake and whom to contact about it."""
    return f"newslake/{newslake.__version__}" + (f" (+{contact})" if contact else "")
