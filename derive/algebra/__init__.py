"""Our own frozen tree: grammar, rules of differentiation, and their proof by SymPy."""
