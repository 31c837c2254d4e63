"""Report formats, one per file: `render(review)` returns the bytes.

Code shared by several formats is in `parts`, the page templates in `templates`.
"""
