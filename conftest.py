"""What a test run needs wherever it starts, at the notebooks or at the tests."""

pytest_plugins = ["tests.chapters", "tests.seconds", "tests.notebooks.executed"]
