#include "sfumato/ledger/request.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "ledger/canonical.h"

namespace sfumato {
namespace {

constexpr std::string_view kForm = "sfumato ledger request v1";

/// Takes canonical bytes apart, from their beginning.
class Reader {
 public:
  explicit Reader(std::string_view bytes) noexcept : rest_(bytes) {}

  bool number(std::int64_t& into) noexcept {
    if (rest_.size() < 8) return false;
    std::uint64_t bits = 0;
    for (const char byte : rest_.substr(0, 8)) bits = bits << 8 | static_cast<unsigned char>(byte);
    into = static_cast<std::int64_t>(bits);
    rest_.remove_prefix(8);
    return true;
  }

  bool text(std::string_view& into) noexcept {
    std::int64_t size = 0;
    if (!number(size) || size < 0 || static_cast<std::uint64_t>(size) > rest_.size()) return false;
    into = rest_.substr(0, static_cast<std::size_t>(size));
    rest_.remove_prefix(into.size());
    return true;
  }

  template <std::size_t size>
  bool array(std::array<unsigned char, size>& into) noexcept {
    std::string_view bytes;
    if (!text(bytes) || bytes.size() != size) return false;
    std::ranges::copy(bytes, into.begin());
    return true;
  }

  bool ended() const noexcept { return rest_.empty(); }

 private:
  std::string_view rest_;
};

}  // namespace

std::string LedgerRequest::bytes() const {
  return Canonical(kForm)
      .add(view_of(ledger))
      .add(view_of(head))
      .add(actor)
      .add(sequence)
      .add(view_of(nonce))
      .add(expires)
      .add(statement)
      .bytes();
}

Result<LedgerRequest> LedgerRequest::parse(std::string_view bytes) {
  LedgerRequest request;
  std::string_view form, actor, statement;
  Reader read(bytes);
  const bool whole = read.text(form) && form == kForm && read.array(request.ledger) &&
                     read.array(request.head) && read.text(actor) &&
                     read.number(request.sequence) && read.array(request.nonce) &&
                     read.number(request.expires) && read.text(statement) && read.ended();
  if (!whole) return Error{Errc::malformed, "request", "is no request to a ledger"};
  request.actor = actor;
  request.statement = statement;
  return request;
}

LedgerSigner LedgerSigner::of(SigningKey key) {
  const auto kept = std::make_shared<const SigningKey>(std::move(key));
  return {kept->public_key(), [kept](const LedgerRequest& request) {
            std::string bytes = request.bytes();
            const Signature signature = kept->sign(bytes);
            return SignedRequest{std::move(bytes), signature};
          }};
}

}  // namespace sfumato
