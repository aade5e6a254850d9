#pragma once

#include <cstdint>

#include "base/enclosure.h"

namespace sfumato {

/// The probability π(n) of mechanism/partition_selection.h for n >= 1, in closed form.
///
/// Origin  Desfontaines, Voss, Gipson, Mandayam, PoPETs 2022(1)
Enclosure keep_probability(const Enclosure& epsilon, const Enclosure& delta, std::int64_t n);

/// π(n + 1) from π(n), the definition, which the closed form solves; `growth` is e^ε.
Enclosure next_keep_probability(const Enclosure& growth, const Enclosure& delta,
                                const Enclosure& previous);

}  // namespace sfumato
