"""Proves the error bounds of src/noise/certified.h by Sollya and Gappa.

    prove.py SCRIPT [--source DIR] [--show]

SCRIPT is one of docs/proofs/noise/gappa. The steps are read from the C++ each time, so that what is proved is what is
compiled; text that the proof does not know is an error. Exits with 77 where the tools are not installed.
"""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys
from fractions import Fraction

import cases
import proved
from steps import NotProved

HOME = pathlib.Path(__file__).resolve().parents[2]
SCRIPTS = HOME / "docs/proofs/noise/gappa"
SKIPPED = 77
PATIENCE = 120  # seconds for one case


def bounds():
    """The numbers of bounds.txt by name."""
    lines = (SCRIPTS / "bounds.txt").read_text().splitlines()
    pairs = [line.split("#")[0].split() for line in lines]
    return {pair[0]: float.fromhex(pair[1]) for pair in pairs if pair}


def dyadic(number):
    """A product of doubles, exactly, in Gappa's notation."""
    shift = number.denominator.bit_length() - 1
    return f"{number.numerator}b{-shift}"


def product(text, values):
    number = Fraction(1)
    for name in text.split("*"):
        value = values[name.strip()]
        number *= Fraction(values[value] if isinstance(value, str) else value)
    return number


def filled(text, values):
    """`@name@` becomes its number or text, and `+-@a * b@` the interval around 0."""
    def interval(match):
        end = dyadic(product(match[1], values))
        return f"[-{end}, {end}]"

    def plain(match):
        value = values[match[1]]
        return float(value).hex() if isinstance(value, (int, float)) else value

    text = re.sub(r"\+-@([\w *]+)@", interval, text)
    return re.sub(r"@(\w+)@", plain, text)


def steps_of(text, sources, fused):
    """Puts the steps of the C++ in the place of `%rounded NAME`, `%exact NAME[, from LINE]` and `%include FILE`."""
    def steps(match):
        found = proved.steps(match[2], sources)
        return found.rounded(match[3], fused) if match[1] == "rounded" else found.exact(match[3])

    text = re.sub(r"^%include (\S+)$", lambda match: (SCRIPTS / match[1]).read_text(), text, flags=re.M)
    return re.sub(r"^%(rounded|exact) ([^,\n]+)(?:, from (\w+))?$", steps, text, flags=re.M)


def scripts(name, source):
    """The complete texts to run: one for each case of the script."""
    sources = proved.Sources(source)
    said = (SCRIPTS / name).read_text()
    for fused in (False, True):
        text = steps_of(said, sources, fused)
        for case in cases.of(pathlib.Path(name).stem, sources.constants()):
            yield filled(text, {**bounds(), **sources.constants(), **case}), {**case, "fused": fused}
        if text == steps_of(said, sources, not fused):
            return


def proves(tool, text):
    try:
        run = subprocess.run([tool], input=text, capture_output=True, text=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return False, f"no proof within {PATIENCE} seconds"
    if tool == "sollya":
        lines = run.stdout.split()
        wanted = len(re.findall(r"(?:<=|<|==) [^;]*;$", text, flags=re.M))
        return lines == ["true"] * wanted, run.stdout
    return run.returncode == 0, run.stdout + run.stderr


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("script")
    parser.add_argument("--source", type=pathlib.Path, default=HOME / "src/noise")
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    tool = "sollya" if options.script.endswith(".sollya") else "gappa"
    if not options.show and not shutil.which(tool):
        print(f"skipped: {tool} is not installed (Debian package {tool})")
        return SKIPPED

    count = 0
    try:
        for text, case in scripts(options.script, options.source):
            if options.show:
                print(text)
                continue
            proved_it, said = proves(tool, text)
            if not proved_it:
                short = {name: value for name, value in case.items() if name != "splits"}
                print(f"{options.script} is not proved for {short}:\n{said[-2000:]}")
                return 1
            count += 1
    except NotProved as difference:
        print(f"{options.script}: {difference}")
        return 1
    print(f"{options.script}: proved, {count} cases")
    return 0


if __name__ == "__main__":
    sys.exit(main())
