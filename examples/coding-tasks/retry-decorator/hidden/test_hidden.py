import unittest

from retrying import retry


class HiddenTest(unittest.TestCase):
    def test_last_error(self):
        @retry(2)
        def broken():
            raise OSError("always")

        with self.assertRaisesRegex(OSError, "always"):
            broken()

    def test_only_these(self):
        calls = []

        @retry(3, on=(OSError,))
        def wrong():
            calls.append(1)
            raise ValueError("no")

        with self.assertRaises(ValueError):
            wrong()
        self.assertEqual(len(calls), 1)

    def test_interrupts_pass(self):
        calls = []

        @retry(3)
        def stopped():
            calls.append(1)
            raise KeyboardInterrupt

        with self.assertRaises(KeyboardInterrupt):
            stopped()
        self.assertEqual(len(calls), 1)

    def test_name_keywords_and_wait(self):
        waits = []
        calls = []

        @retry(3, wait=waits.append)
        def named(*, value):
            calls.append(value)
            if len(calls) < 3:
                raise OSError
            return value

        self.assertEqual(named.__name__, "named")
        self.assertEqual(named(value=7), 7)
        self.assertEqual(waits, [1, 2])


unittest.main()
