"""The letter as visitors have it: its archive, and the links of its mails."""
