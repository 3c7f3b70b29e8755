"""What the data looks like: records, tables, names in the lake. No Beam, no I/O."""

if __name__ == "schemas":  # imported from a checkout by its old name
    from newslake._old_names import alias

    alias(__name__)
