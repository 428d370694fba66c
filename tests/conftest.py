"""What tests of every folder may take: databases, two worlds, and the demonstration.

Fixtures that one folder alone takes stand in the conftest.py of that folder.
"""

import hypothesis

# Each may import those before it: pytest prepares their assertions as it loads them.
pytest_plugins = ["tests.databases", "tests.world", "tests.crowd", "tests.demonstration"]

# How long an example takes says most of all what else the machine does.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")
