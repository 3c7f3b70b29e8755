"""Commands that run no graph: none of them imports Beam."""
