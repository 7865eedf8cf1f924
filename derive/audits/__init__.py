"""Documents of others: which printed line is false, and how its digits came about."""
