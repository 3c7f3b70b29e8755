"""What happens to the data: one folder a stage, pure modules and one steps.py in each."""

if __name__ == "transforms":  # imported from a checkout by its old name
    from newslake._old_names import alias

    alias(__name__)
