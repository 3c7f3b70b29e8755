"""How newslake is put together and run."""

if __name__ == "pipeline":  # imported from a checkout by its old name
    from newslake._old_names import alias

    alias(__name__)
