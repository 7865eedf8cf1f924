"""Results as text: for a terminal, for programs, for a page or a spreadsheet."""
