"""What happens to the data: one folder a stage, pure modules and one steps.py in each."""
