"""Environment variables in texts of the configuration: ``${NAME}`` stands for the value of NAME.

A job that is submitted to an engine holds the texts as they are written. Each worker fills them in
from its own environment, so nobody can read a secret in the job.
"""

import re
from collections.abc import Mapping

from newslake.schemas.errors import NewslakeError

_VARIABLE = re.compile(r"\$\{([^}]*)\}")


class UnsetVariableError(NewslakeError, ValueError):
    """A variable is not set, or is empty, in the environment of the process that needs it."""


def fill_in(text: str, environment: Mapping[str, str], advice: str = "") -> str:
    """Return ``text`` with each ``${NAME}`` replaced.

    >>> fill_in("Bearer ${TOKEN}", {"TOKEN": "abc"})
    'Bearer abc'

    Raises UnsetVariableError, which names all variables that are not set, and ends with ``advice``.
    """
    missing = [name for name in _VARIABLE.findall(text) if not environment.get(name)]
    if missing:
        raise UnsetVariableError(f"the environment variable {', '.join(dict.fromkeys(missing))} is not set{advice}")
    return _VARIABLE.sub(lambda match: environment[match[1]], text)


def has_variables(text: str) -> bool:
    """Tell whether a part of ``text`` comes from the environment."""
    return bool(_VARIABLE.search(text))
