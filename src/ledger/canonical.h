#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sfumato/base/dyadic.h"
#include "sfumato/ledger/entry.h"

namespace sfumato {

/// Bytes that one list of values alone can give: whole numbers take 8 bytes, amounts 16, most
/// significant first, texts their length and then themselves. What is put in, and in which order,
/// follows from the first text, which names the form and its version.
///
/// Proof   docs/proofs/ledger/chain.md
class Canonical {
 public:
  explicit Canonical(std::string_view form) { add(form); }

  Canonical& add(std::int64_t number);
  Canonical& add(uint128 amount);
  Canonical& add(std::string_view text);
  Canonical& add(const std::vector<LossAmount>& curve);  ///< how many, and each as an amount

  const std::string& bytes() const noexcept { return bytes_; }
  Digest digest() const;

 private:
  std::string bytes_;
};

Digest sha256(std::string_view bytes);

inline std::string_view view_of(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace sfumato
