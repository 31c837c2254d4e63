"""One output format a file: `render(checklist, session, now)` makes its text.

What several formats share lives in `parts`; the words of the pages in `templates`.
"""
