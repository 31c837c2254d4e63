"""The lab: real hosts in right and wrong states, on which verdicts are compared with the truth."""
