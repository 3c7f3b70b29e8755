"""Settings for all tests: no clock decides whether a test passes."""

from hypothesis import settings

settings.register_profile("newslake", deadline=None)
settings.load_profile("newslake")
