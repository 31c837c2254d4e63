"""The verbs of the command line, so that the palette can tell which one does what."""

from __future__ import annotations

from collections.abc import Mapping

VERBS: Mapping[str, str] = {
    "answer": "Answer an item of a launch from the command line.",
    "attach": "Attach a file or an address to an item as evidence.",
    "diff": "Compare two days of a launch.",
    "export": "Write the launch as Markdown, HTML, JUnit and other formats.",
    "gate": "Go or no-go, with what is blocking; the exit status says which.",
    "list": "List the launches.",
    "merge": "Join two copies of a launch's session.",
    "plan": "Every command on every host, with its privileges; opens no connection.",
    "probe": "Run the checks without the screen.",
    "set": "Set a parameter of the launch.",
    "sign": "Sign go or no-go for a role.",
    "status": "How every item stands, as text or JSON.",
    "sudoers": "The exact privileges that the checks need on a host.",
    "verify": "Check the signatures of a launch.",
    "waive": "Accept an unmet item, with owner, approver and expiry.",
}
