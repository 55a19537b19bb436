import unittest

from cache import Cache


class CacheTest(unittest.TestCase):
    def test_it_never_holds_more_than_its_capacity(self):
        cache = Cache(2)
        for n in range(5):
            cache.put(n, n)
        self.assertEqual(len(cache), 2)
