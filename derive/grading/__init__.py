"""Keys, tables of answers, marks, reports and the page for practice."""
