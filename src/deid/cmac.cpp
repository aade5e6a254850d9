#include "sfumato/deid/cmac.h"

#include <cstring>
#include <utility>
#include <vector>

#include "deid/mac_chain.h"

namespace sfumato {

class Cmac::Chain : public MacChain {
 public:
  explicit Chain(MacChain chain) noexcept : MacChain(std::move(chain)) {}
};

Cmac::Cmac(std::unique_ptr<const Chain> chain) noexcept : chain_(std::move(chain)) {}
Cmac::Cmac(Cmac&&) noexcept = default;
Cmac& Cmac::operator=(Cmac&&) noexcept = default;
Cmac::~Cmac() = default;

Result<Cmac> Cmac::make(const Secret& key) {
  auto chain = MacChain::make(key.bytes());
  if (!chain) return chain.error();
  return Cmac(std::make_unique<const Chain>(*std::move(chain)));
}

Cmac Cmac::copy() const {
  return Cmac(std::make_unique<const Chain>(chain_->copy()));
}

void Cmac::tags(std::span<const std::string_view> texts, std::span<CmacTag> tags) const {
  std::vector<Block> blocks(texts.size());
  chain_->tags(texts, blocks);
  static_assert(sizeof(CmacTag) == sizeof(Block));
  if (!blocks.empty()) std::memcpy(tags.data(), blocks.data(), blocks.size() * sizeof(Block));
}

}  // namespace sfumato
