import unittest
from datetime import date

from days import working_days


class HiddenTest(unittest.TestCase):
    def test_a_week(self):
        self.assertEqual(working_days(date(2024, 3, 4), date(2024, 3, 10)), 5)

    def test_one_day(self):
        self.assertEqual(working_days(date(2024, 2, 29), date(2024, 2, 29)), 1)

    def test_holidays(self):
        self.assertEqual(working_days(date(2024, 12, 23), date(2024, 12, 27), {date(2024, 12, 25), date(2024, 12, 26)}), 3)

    def test_backwards(self):
        with self.assertRaises(ValueError):
            working_days(date(2024, 3, 5), date(2024, 3, 4))


unittest.main()
