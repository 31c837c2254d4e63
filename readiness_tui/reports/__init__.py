"""One output format a file: `render(review)` makes its bytes.

What several formats share lives in `parts`; the words of the pages in `templates`.
"""
