import unittest
from datetime import date

from days import working_days


class DaysTest(unittest.TestCase):
    def test_a_sunday_is_no_working_day(self):
        self.assertEqual(working_days(date(2024, 3, 3), date(2024, 3, 3)), 0)
