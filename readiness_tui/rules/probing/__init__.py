"""What is asked of the hosts: plan, questions, privileges, durations."""
