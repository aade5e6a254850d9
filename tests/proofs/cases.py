"""The cases of each script: the ranges that together are all arguments.

u = m·2^exponent, with m in [√½, √2); its binade is floor(log2 u).
"""
LOGARITHMS = range(-40, 1)
BELOW_ONE = 1 - 2.0**-53


def logarithm_bound(binade):
    return "minus_log" if binade >= -22 else "minus_log_far"


def minus_log(constants):
    """u >= 2^-22 has the exponents from -22 on, and from -40 on u >= 2^-40; 0 is part.gappa's."""
    for exponent in LOGARITHMS:
        yield {"exponent": exponent, "bound": logarithm_bound(exponent)}


def words_of(least, greatest):
    """A range of words, beyond which u does not round into the range."""
    return {"least_word": least * 2.0**64 * (1 - 2.0**-52),
            "greatest_word": min(greatest * (1 + 2.0**-51), 1) * 2.0**64}


def words(constants):
    """u in each binade, with the spread: max(1, 2^(-18 - binade))."""
    for binade in LOGARITHMS[:-1]:
        yield {"bound": logarithm_bound(binade), "spread": max(1.0, 2.0**(-18 - binade)),
               **words_of(2.0**binade, 2.0**(binade + 1))}


def below_root_half(constants):
    """The same with -ln u, by 0.6931 < ln 2 < 0.6932; the last binade ends at √½."""
    for case, binade in zip(words(constants), LOGARITHMS):
        least, greatest = 0.6931 * -(binade + 1), 0.6932 * -binade
        if binade == -1:
            least = 0.3465
            case.update(words_of(0.5, 0.70711))
        yield {**case, "least_log": least, "greatest_log": greatest}


def near_one(constants):
    """1 - u in each halving from 1 - √½ down to 2^-53; 1 - u <= -ln u <= (1 - u)/u."""
    greatest = BELOW_ONE
    for halving in range(52, 0, -1):
        least = max(1 - 2.0**-halving, constants["root_half"])
        yield {"weight": "root" if halving > 15 else "1b-8", "gauge": 2.0**-8, **words_of(least, greatest),
               "least_log": 1 - greatest, "greatest_log": (1 - least) / least * (1 + 2.0**-50)}
        greatest = least


def halves(constants):
    """m on both sides of 1."""
    yield {"least": constants["root_half"], "greatest": 1.0}
    yield {"least": 1.0, "greatest": 2 * constants["root_half"]}


RATIOS = (-60, 45)  # 2^-60 <= ratio <= 2^45


def noises(bound, share, largest):
    """Ratios that matter, split where Gappa needs it, and those so small that only 2^-48 counts."""
    splits = ", ".join(f"1b{exponent}" for exponent in range(RATIOS[0], RATIOS[1] + 1, 8))
    for spread in (1.0, 2.0):
        common = {"spread": spread, "bound": bound, "share": share, "largest": largest[spread], "splits": splits}
        yield {**common, "least": 2.0**RATIOS[0], "greatest": 2.0**RATIOS[1],
               "ratio_error": "ratio -/ r in [-0x1.000001p-53, 0x1.000001p-53]"}
        yield {**common, "least": 0.0, "greatest": 2.0**RATIOS[0],
               "ratio_error": "ratio - r in [-1b-113, 1b-113]"}


def of(script, constants):
    return list(CASES[script](constants)) if script in CASES else [{}]


CASES = {
    "series": lambda constants: [{"least": constants["root_half"]}],
    "part": halves,
    "minus_log": minus_log,
    "minus_log_near_one": lambda constants: [{"least": constants["root_half"]}],
    "exponential": words,
    "radius": below_root_half,
    "radius_near_one": near_one,
    # -ln U < 0.6932·18 for U >= 2^-18, and 0.6932·40 for U >= 2^-40; R = √(-2 ln U).
    "laplace": lambda _: noises("exponential", "laplace_share", {1.0: 12.478, 2.0: 27.728}),
    "gaussian": lambda _: noises("radius", "gaussian_share", {1.0: 4.9956, 2.0: 7.4469}),
    # -ln √½ < 0.3467.
    "gaussian_near_one": lambda _: noises("radius_near_one", "near_one_share", {1.0: 0.8328, 2.0: 0.8328}),
}
