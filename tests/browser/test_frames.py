"""What tells a browser that has stopped drawing from a page that is at fault."""

import pytest
from playwright.sync_api import Browser

from .page import draws_nothing

pytestmark = pytest.mark.browser


def test_a_page_without_frames_is_told_from_one_that_draws_and_from_one_that_hangs(browser: Browser):
    with browser.new_context() as context:
        page = context.new_page()
        assert not draws_nothing(page, seconds=1)
        page.evaluate("() => { window.requestAnimationFrame = () => 0; }")
        assert draws_nothing(page, seconds=1)
        page.evaluate("() => { setTimeout(() => { while (true); }); }")
        assert not draws_nothing(page, seconds=1)
