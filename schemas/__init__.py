"""The shape of the data: records, tables and names in the lake, without Beam and without I/O."""

if __name__ == "schemas":  # imported from a checkout by its old name
    from newslake._old_names import alias

    alias(__name__)
