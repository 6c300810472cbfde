"""The page that travels in packs: one file that judges a pack in a browser, with the network off."""

from edgecode.answers.verify_page.page import verify_page

__all__ = ["verify_page"]
