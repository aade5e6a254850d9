"""Which functions the proofs speak of, and the statements in them that are no arithmetic on doubles.

These are compared word by word; docs/proofs/noise/gappa/README.md says what each of them does.
"""
import pathlib
import re
import struct

from steps import NotProved, Steps, body_of, normal

TO_DOUBLE = ["const auto high = static_cast<double>(static_cast<std::int64_t>(word >> 32))",
             "const auto low = static_cast<double>(static_cast<std::int64_t>(word & 0xFFFFFFFF))"]
MULTIPLY_ADD = ["return a * b + c"]
BITS = ["inline constexpr std::uint64_t kRootHalf = 0x3FE6A09E00000000;",
        "inline constexpr std::uint64_t kFraction = 0x000FFFFFFFFFFFFF;"]
MINUS_LOG = ["const std::uint64_t bits = std::bit_cast<std::uint64_t>(u) - kRootHalf",
             "const auto exponent = static_cast<double>(static_cast<std::int64_t>(bits) >> 52)",
             "const double m = std::bit_cast<double>((bits & kFraction) + kRootHalf)"]
EXPONENTIAL = ["const double spread = std::max(1.0, inverse_of_binade(u) * 0x1p-18)", "minus_log(u)",
               "u >= 0x1p-40 ? spread : std::numeric_limits<double>::infinity()"]
INVERSE_OF_BINADE = [
    "constexpr std::uint64_t kExponent = std::uint64_t{0x7FF} << 52",
    "constexpr std::uint64_t kOneTwice = std::uint64_t{2 * 1023} << 52",
    "return std::bit_cast<double>(kOneTwice - (std::bit_cast<std::uint64_t>(x) & kExponent))"]
RADIUS = ["const Exponential squared = exponential(word)",
          "std::max(squared.spread, inverse_of_binade(root) * 0x1p-8)", "root"]
NEAREST = ["const double whole = nearest_whole(sum)", "whole", "0.5 - std::fabs(sum - whole) > noise.margin"]
NOISE = ["const Exponential z = exponential(word)"]
FIRST_OF = ["const Exponential distance = radius(radius_word)", "const Direction to = on_octant(angle_word)",
            "const double part = (angle_word & 4) != 0 ? to.sine : to.cosine"]


class Sources:
    """The files of src/noise."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    def body(self, head, file="certified.h"):
        return body_of((self.folder / file).read_text(), head)

    def constants(self):
        """The constants of certified.h, and lists of them: numbers in the list k are called k0, k1 … besides."""
        text = (self.folder / "certified.h").read_text()
        found = {name: float.fromhex(value) for name, value in
                 re.findall(r"constexpr double (k\w+) = (-?0x[0-9a-fA-F.]+p[+-]?\d+)", text)}
        for name, values in re.findall(r"constexpr double (k\w+)\[\] = \{([^}]*)\}", text):
            found[name] = [float.fromhex(value) for value in values.split(",")]
            found.update({f"{name}{i}": value for i, value in enumerate(found[name])})
        for line in BITS:
            if line not in text:
                raise NotProved(f"the proof speaks of '{line}', which is not there")
        root_half = re.search(r"kRootHalf = (0x[0-9A-F]+)", BITS[0])[1]
        return {**found, "root_half": struct.unpack(">d", int(root_half, 16).to_bytes(8, "big"))[0]}

    def callees(self):
        Steps(self.body("inline double multiply_add(double a, double b, double c)"), MULTIPLY_ADD)
        return {"polynomial": (["c", "z"], self.body("inline double polynomial(const double (&c)[6], double z)"))}


def steps(name, sources):
    """The steps by the name that the scripts call them by."""
    if name not in READERS:
        raise NotProved(f"the proofs know no steps '{name}'")
    return READERS[name](sources)


def to_double(sources):
    return Steps(sources.body("inline double to_double(std::uint64_t word)"), TO_DOUBLE, result="to_double")


def minus_log(sources, zero=()):
    return Steps(sources.body("inline double minus_log(double u)"), MINUS_LOG, zero=zero, callees=sources.callees(),
                 result="minus_log", constants=sources.constants())


def direction(sources):
    return Steps(sources.body("inline Direction direction(double x)"), callees=sources.callees(),
                 constants=sources.constants())


def exponential(sources):
    Steps(sources.body("inline double inverse_of_binade(double x)"), INVERSE_OF_BINADE)
    return Steps(sources.body("inline Exponential exponential(std::uint64_t word)"), EXPONENTIAL,
                 {"to_double(word | 1)": "to_double"})


def radius(sources):
    return Steps(sources.body("inline Exponential radius(std::uint64_t word)"), RADIUS, {"squared.value": "minus_log"})


def on_octant(sources):
    return Steps(sources.body("inline Direction on_octant(std::uint64_t word)"),
                 aliases={"to_double((word & ~std::uint64_t{7}) | 4)": "to_double", "return direction(": "x = ("},
                 constants=sources.constants())


def margin(sources):
    """The line of GridRatio::make that works out τ."""
    line = next((line for line in sources.body("GridRatio GridRatio::make(const Scale&", "grid_ratio.cpp")
                 if ".margin" in line), "")
    match = re.search(r"\.margin = invertible \? (.*) : 1\}$", line)
    if not match:
        raise NotProved("the margin is not worked out as the proof says")
    return Steps([f"margin = {match[1]}"])


def nearest(sources):
    """The sum that a release is decided by."""
    return Steps(sources.body("inline Nearest nearest_certain(double rest, const Noise& noise)"), NEAREST)


def fraction(sources):
    body = sources.body("Release release_certain(const GridRatio& grid, const GridPoint& point", "rounding.cpp")
    if "const Nearest nearest = nearest_certain(fraction - 0.5, noise)" not in body:
        raise NotProved("the fraction of an answer does not come to the sum as the proof says")
    return Steps([body[0], "rest = fraction - 0.5"], aliases={"static_cast<double>(point.fraction)": "converted"})


def laplace(sources):
    body = sources.body("Noise by_doubles(const GridRatio& ratio, std::uint64_t word)", "laplace.cpp")
    return Steps(body, NOISE, {"with_sign(z.value, word)": ".noise_factor = z_value",
                               "ratio.ratio,": ".noise_other = ratio,",
                               "ratio.margin * z.spread": ".noise_margin = margin * spread"})


def gaussian(sources):
    body = sources.body("Noise first_of(const GridRatio& ratio, std::uint64_t radius_word", "gaussian.cpp")
    return Steps(body, FIRST_OF, {"{reach, with_sign(part, angle_word)": "{.noise_factor = reach, .noise_other = part",
                                  "distance.value * ratio.ratio": "distance_value * ratio",
                                  "ratio.margin * distance.spread": ".noise_margin = margin * spread"})


READERS = {"to_double": to_double, "minus_log": minus_log, "direction": direction, "exponential": exponential,
           "minus_log near 1": lambda sources: minus_log(sources, zero=["exponent"]), "radius": radius,
           "on_octant": on_octant, "margin": margin, "sum": nearest, "fraction": fraction,
           "laplace noise": laplace, "gaussian noise": gaussian}
