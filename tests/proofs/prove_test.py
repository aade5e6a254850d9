"""Each proof fails where one constant or one operation of the C++ is changed."""
import io
import pathlib
import shutil
import sys
import tempfile
import unittest
from contextlib import redirect_stdout
from unittest import mock

import cases
import proved
import prove
from steps import NotProved, Steps, parts_of

SOURCE = prove.HOME / "src/noise"


def changed(file, old, new, script):
    """Whether `script` is still proved of a copy in which `old` is `new`."""
    with tempfile.TemporaryDirectory() as folder:
        for path in SOURCE.glob("*"):
            shutil.copy(path, folder)
        path = pathlib.Path(folder) / file
        text = path.read_text()
        assert text.count(old) == 1, f"'{old}' is there {text.count(old)} times"
        path.write_text(text.replace(old, new))
        with redirect_stdout(io.StringIO()), mock.patch.object(prove, "PATIENCE", 20), \
                mock.patch.object(sys, "argv", ["", script, "--source", folder]):
            return prove.main() == 0


class WrongSteps(unittest.TestCase):
    def refused(self, old, new, script, file="certified.h"):
        self.assertFalse(changed(file, old, new, script), f"{script} is proved with {new}")

    def test_a_coefficient_of_the_logarithm(self):
        self.refused("0x1.2492417364101p-2", "0x1.2492418364101p-2", "series.sollya")
        self.refused("0x1.587bc8c913aacp-3", "0x0p0", "series.sollya")

    def test_a_coefficient_of_the_cosine(self):
        self.refused("0x1.a01a019cb26fbp-16", "0x1.a01a119cb26fbp-16", "series.sollya")
        self.refused("-0x1.8faecf6483045p-37", "0x0p0", "series.sollya")

    def test_a_coefficient_of_the_sine(self):
        self.refused("0x1.71de34756621fp-19", "-0x1.71de34756621fp-19", "series.sollya")

    def test_a_coefficient_that_is_not_the_derived_one(self):
        """Near enough for every bound, and yet not where it is said to come from."""
        self.refused("0x1.555555555394dp-1", "0x1.555555555394ep-1", "polynomials.sollya")

    def test_ln_2(self):
        self.refused("0x1.62e42fefa39efp-1", "0x1.62e42fefa39f0p-1", "series.sollya")

    def test_a_quarter_of_pi(self):
        self.refused("0x1.921fb54442d18p-1", "0x1.921fb54442d19p-1", "series.sollya")

    def test_a_square_that_is_not_one(self):
        self.refused("const double z = s * s;", "const double z = s * 2;", "series.sollya")
        self.refused("const double square = z * z;", "const double square = z * 2;", "series.sollya")

    def test_a_sum_that_is_not_one(self):
        self.refused("return a * b + c;", "return a * b - c;", "series.sollya")

    def test_the_order_of_operations(self):
        self.refused("return multiply_add(kMinusLn2, exponent, part);",
                     "return (1 + multiply_add(kMinusLn2, exponent, part)) - 1;", "minus_log_near_one.gappa")

    def test_a_smaller_margin(self):
        for script in ("laplace.gappa", "gaussian_near_one.gappa"):
            self.refused("0x7p-48", "0x5p-48", script, "grid_ratio.cpp")
        self.refused("0x1p-48", "0x1p-54", "laplace.gappa", "grid_ratio.cpp")

    def test_a_spread_that_begins_too_late(self):
        self.refused("inverse_of_binade(u) * 0x1p-18", "inverse_of_binade(u) * 0x1p-19", "exponential.gappa")
        self.refused("inverse_of_binade(root) * 0x1p-8", "inverse_of_binade(root) * 0x1p-9", "radius_near_one.gappa")

    def test_text_that_the_proof_does_not_know(self):
        self.refused("std::int64_t>(bits) >> 52", "std::int64_t>(bits) >> 51", "minus_log.gappa")
        self.refused("kRootHalf = 0x3FE6A09E00000000", "kRootHalf = 0x3FE0000000000000", "part.gappa")
        self.refused("return high * 0x1p32 + low;", "if (low > 0) return high * 0x1p32 + low;\n  return 0;",
                     "exponential.gappa")
        self.refused("0.5 - std::fabs(sum - whole) > noise.margin", "0.5 - std::fabs(sum - whole) >= 0", "laplace.gappa")

    def test_the_text_as_it_stands_is_proved(self):
        self.assertTrue(changed("certified.h", "const double z = s * s;", "const double z = (s * s);", "series.sollya"))


class Translation(unittest.TestCase):
    def test_each_operation_is_rounded_and_each_name_assigned_once(self):
        steps = Steps(["double sum = 1.0 / 4", "sum = sum * z + 3", "sum = sum - z", "return sum * 0x1p-2"])
        self.assertEqual(steps.rounded().splitlines(), [
            "sum = rnd((rnd((0x1.0000000000000p-2 * z)) + 3));", "sum2 = rnd((sum - z));",
            "value = rnd((sum2 * 0x1.0000000000000p-2));"])
        self.assertEqual(steps.exact("sum2").splitlines(), [
            "SUM2 = (SUM - z);", "VALUE = (SUM2 * 0x1.0000000000000p-2);"])

    def test_a_multiply_add_is_rounded_once_or_twice(self):
        steps = Steps(["return multiply_add(a, b, c)"])
        self.assertEqual(steps.rounded(), "value = rnd(rnd(a * b) + c);")
        self.assertEqual(steps.rounded(fused=True), "value = rnd(a * b + c);")
        self.assertEqual(steps.exact(), "VALUE = (a * b + c);")

    def test_a_callee_is_put_in_place(self):
        steps = Steps(["return 1 - half(x + 1)"], callees={"half": (["y"], ["return y / 2"])})
        self.assertEqual(steps.rounded().splitlines(),
                         ["y = rnd((x + 1));", "half = rnd((y / 2));", "value = rnd((1 - half));"])

    def test_a_callee_may_be_given_a_list(self):
        steps = Steps(["return line(kList, x)"], callees={"line": (["c", "z"], ["return c[1] * z"])},
                      constants={"kList": [1.0, -2.0]})
        self.assertEqual(steps.rounded().splitlines(), ["z = x;", "line = rnd((-2 * z));", "value = line;"])

    def test_a_zero_takes_its_term_away(self):
        self.assertEqual(Steps(["return multiply_add(2, n, x)"], zero=["n"]).rounded(), "value = x;")

    def test_elements_have_names(self):
        self.assertEqual(parts_of("{.a = f(1, 2), x}"), [("a", "f(1, 2)"), ("value", "x")])

    def test_what_is_no_step_is_refused(self):
        for statement in ("if (x > 0) x = 1", "x += 1", "return other(x)", "return x % 2", "double y = {1}"):
            with self.assertRaises(NotProved, msg=statement):
                Steps([statement])
        with self.assertRaises(NotProved):
            Steps(["return x"], as_written=["const double y = bits"])


class Bounds(unittest.TestCase):
    def test_they_are_what_the_documents_claim(self):
        bounds = prove.bounds()
        for name, claim in {"minus_log": 2.76 * 2**-50, "minus_log_far": 5.26 * 2**-50, "near_one": 6 * 2**-53, "direction": 2**-52,
                            "laplace_share": 1, "gaussian_share": 1, "near_one_share": 1}.items():
            self.assertLess(bounds[name], claim, name)

    def test_cases_leave_no_gap(self):
        constants = proved.Sources(SOURCE).constants()
        for script in ("exponential", "radius_near_one"):
            ranges = [(case["least_word"], case["greatest_word"]) for case in cases.of(script, constants)]
            for before, after in zip(sorted(ranges), sorted(ranges)[1:]):
                self.assertGreaterEqual(before[1], after[0])
            self.assertGreaterEqual(ranges[0 if script == "radius_near_one" else -1][1], 2.0**64 * (1 - 2.0**-53))

    def test_an_interval_is_exact(self):
        self.assertEqual(prove.filled("in +-@a * b@", {"a": 0.75, "b": 2.0**-3}), "in [-3b-5, 3b-5]")


if __name__ == "__main__":
    if not (shutil.which("gappa") and shutil.which("sollya")):
        print("skipped: gappa or sollya is not installed (Debian packages gappa, sollya)")
        sys.exit(prove.SKIPPED)
    unittest.main()
