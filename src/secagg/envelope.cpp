#include "secagg/envelope.h"

#include "ledger/canonical.h"

namespace sfumato {
namespace {

constexpr std::string_view kMeaning = "sfumato joint message v1";
constexpr std::size_t kSignature = sizeof(Signature);

Error refused(const char* message) {
  return {Errc::refused, "message", message};
}

bool is_of_coordinator(WireKind kind) noexcept {
  return kind >= WireKind::key_list;
}

/// Of a kind that only the coordinator may send, its key; else that of the party at this place.
const PublicKey* key_of(const Session& session, WireKind kind, Place sender) {
  if (is_of_coordinator(kind))
    return sender == kCoordinator ? &session.terms().coordinator : nullptr;
  return session.takes(sender) ? &session.key_of(sender) : nullptr;
}

/// All but the signature, behind the hash of the session.
Envelope read_envelope(WireReader& reader, WireKind kind) noexcept {
  Envelope envelope{.kind = kind, .sender = reader.u8(), .head = {}, .body = {}};
  envelope.head.number = reader.i64();
  envelope.head.hash = reader.array<sizeof(Digest)>();
  envelope.body = reader.vector(0, kLongestBody);
  return envelope;
}

}  // namespace

std::string signed_envelope(const Session& session, const Envelope& envelope,
                            const SigningKey& key) {
  WireWriter writer(envelope.kind);
  writer.fixed(view_of(session.hash()))
      .u8(envelope.sender)
      .i64(envelope.head.number)
      .fixed(view_of(envelope.head.hash))
      .vector(envelope.body, kLongestBody);
  const Signature signature = key.sign(to_be_signed(kMeaning, writer.bytes()));
  return std::move(writer.fixed(view_of(signature))).bytes();
}

Result<Envelope> open_envelope(const Session& session, WireKind kind, std::string_view bytes) {
  WireReader reader(bytes, kind);
  if (!reader.fine()) return refused("is not of the kind that this round awaits");
  if (reader.fixed(sizeof(Digest)) != view_of(session.hash()))
    return refused("is not of this session: its plan, roster, parties or run is another one");
  const Envelope envelope = read_envelope(reader, kind);
  const std::string_view signature = reader.fixed(kSignature);
  if (!reader.complete()) return Error{Errc::malformed, "message", "is not laid out as one"};
  if (is_of_coordinator(kind) && envelope.head != LedgerHead{})
    return refused("is of the coordinator, which has no ledger: its head must be zeros");
  const PublicKey* key = key_of(session, kind, envelope.sender);
  if (key == nullptr) return refused("is of nobody who may send such a one in this session");
  if (!key->verifies(to_be_signed(kMeaning, bytes.substr(0, bytes.size() - kSignature)), signature))
    return refused("is not signed by who is said to send it");
  return envelope;
}

Envelope opened_before(WireKind kind, std::string_view bytes) noexcept {
  WireReader reader(bytes, kind);
  reader.fixed(sizeof(Digest));
  return read_envelope(reader, kind);
}

WireKind kind_of(std::string_view bytes) noexcept {
  for (auto kind = static_cast<std::uint16_t>(WireKind::advertisement);
       kind <= static_cast<std::uint16_t>(WireKind::input_list); ++kind)
    if (WireReader(bytes, WireKind{kind}).fine()) return WireKind{kind};
  return {};
}

}  // namespace sfumato
