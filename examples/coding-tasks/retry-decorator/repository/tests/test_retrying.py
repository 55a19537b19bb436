import unittest

from retrying import retry


class RetryTest(unittest.TestCase):
    def test_it_is_tried_again(self):
        calls = []

        @retry(3)
        def flaky():
            calls.append(1)
            if len(calls) < 3:
                raise OSError("not yet")
            return "done"

        self.assertEqual(flaky(), "done")
