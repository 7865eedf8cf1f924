"""From a graph to an ordered stream of steps: the chain rule, what a teacher adds, updates."""
