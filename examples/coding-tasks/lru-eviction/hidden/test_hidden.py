import unittest

from cache import Cache


class HiddenTest(unittest.TestCase):
    def test_reading_counts_as_use(self):
        cache = Cache(2)
        cache.put("a", 1)
        cache.put("b", 2)
        cache.get("a")
        cache.put("c", 3)
        self.assertEqual((cache.get("a"), cache.get("b"), cache.get("c")), (1, None, 3))

    def test_overwriting_keeps_the_others(self):
        cache = Cache(2)
        cache.put("a", 1)
        cache.put("b", 2)
        cache.put("a", 9)
        self.assertEqual((cache.get("a"), cache.get("b")), (9, 2))

    def test_none_is_a_value(self):
        cache = Cache(1)
        cache.put("a", None)
        self.assertIsNone(cache.get("a", "missing"))

    def test_capacity(self):
        with self.assertRaises(ValueError):
            Cache(0)


unittest.main()
