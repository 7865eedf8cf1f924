"""From a document to text: formats, notation, wording; the last stage."""
