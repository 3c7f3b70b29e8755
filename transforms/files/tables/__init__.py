"""Tables: how they are written, and their rows."""
