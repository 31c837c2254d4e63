"""What the screens and reports show: marks, words, rows and filters; no Textual."""
