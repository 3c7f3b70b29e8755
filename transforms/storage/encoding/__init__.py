"""Encodings of text: labels, a guess from bytes, and a decoder that repairs."""
