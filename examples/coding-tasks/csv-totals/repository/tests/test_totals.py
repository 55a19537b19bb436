import unittest

from totals import totals


class TotalsTest(unittest.TestCase):
    def test_amounts_of_a_name_are_summed(self):
        self.assertEqual(totals("name,amount\nann,1\nbob,2\nann,3"), {"ann": 4.0, "bob": 2.0})
