"""What the peers are given to do; each file runs in the peers' environment, never in ours.

Each is told a JSON file: `ssh_config`, `alias`, `host`, `port`, `user`, `identity`, `folder`, `checks`
(name and text). It prints one line that begins with
`@@check` for each check answered.
"""
