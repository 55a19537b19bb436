import unittest

from slugs import slugify


class HiddenTest(unittest.TestCase):
    def test_accents(self):
        self.assertEqual(slugify("Crème brûlée"), "creme-brulee")

    def test_ends(self):
        self.assertEqual(slugify("  -- Hello, World! -- "), "hello-world")

    def test_nothing_left(self):
        self.assertEqual(slugify("!!!"), "n-a")
        self.assertEqual(slugify(""), "n-a")


unittest.main()
