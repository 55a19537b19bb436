import unittest

from totals import totals


class HiddenTest(unittest.TestCase):
    def test_quotes(self):
        self.assertEqual(totals('name,amount\n"Smith, Ann",1\n"Smith, Ann",2\n'), {"Smith, Ann": 3.0})

    def test_doubled_quotes_and_breaks(self):
        self.assertEqual(totals('name,amount\n"a ""b""\nc",5\n'), {'a "b"\nc': 5.0})

    def test_empty_lines(self):
        self.assertEqual(totals("name,amount\n\nann,1\n\n"), {"ann": 1.0})

    def test_no_number(self):
        with self.assertRaisesRegex(ValueError, "3"):
            totals("name,amount\nann,1\nbob,x\n")


unittest.main()
