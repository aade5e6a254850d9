#include "cli/joint_talk.h"

#include "ledger/canonical.h"
#include "secagg/wire.h"

namespace sfumato {
namespace {

constexpr std::uint64_t kLongestName = 255;
constexpr std::uint64_t kLongestSentence = 1000;

}  // namespace

std::string MailRequest::bytes() const {
  WireWriter writer;
  writer.u8(static_cast<std::uint8_t>(kind));
  switch (kind) {
    case Kind::get:
      writer.vector(name, kLongestName);
      break;
    case Kind::put:
      writer.vector(name, kLongestName).u32(size).fixed(view_of(hash));
      break;
    case Kind::news:
      writer.u64(changes);
      break;
    case Kind::done:
      break;
  }
  return std::move(writer).bytes();
}

std::optional<MailRequest> MailRequest::parse(std::string_view bytes) {
  WireReader reader(bytes);
  MailRequest request{.kind = Kind{reader.u8()}, .name = {}};
  switch (request.kind) {
    case Kind::get:
      request.name = reader.vector(1, kLongestName);
      break;
    case Kind::put:
      request.name = reader.vector(1, kLongestName);
      request.size = reader.u32();
      request.hash = reader.array<32>();
      break;
    case Kind::news:
      request.changes = reader.u64();
      break;
    case Kind::done:
      break;
    default:
      reader.fail();
  }
  return reader.complete() ? std::optional(std::move(request)) : std::nullopt;
}

std::string MailAnswer::bytes() const {
  WireWriter writer;
  writer.u8(static_cast<std::uint8_t>(kind));
  if (kind == Kind::here) writer.fixed(content);
  if (kind == Kind::changes) writer.u64(changes);
  if (kind == Kind::later || kind == Kind::refused)
    writer.vector(std::string_view(content).substr(0, kLongestSentence), kLongestSentence);
  return std::move(writer).bytes();
}

std::optional<MailAnswer> MailAnswer::parse(std::string_view bytes) {
  WireReader reader(bytes);
  MailAnswer answer{.kind = Kind{reader.u8()}, .content = {}};
  switch (answer.kind) {
    case Kind::ready:
    case Kind::nothing:
    case Kind::send:
    case Kind::kept:
      break;
    case Kind::here:
      answer.content = reader.fixed(bytes.size() - 1);
      break;
    case Kind::changes:
      answer.changes = reader.u64();
      break;
    case Kind::later:
    case Kind::refused:
      answer.content = reader.vector(0, kLongestSentence);
      break;
    default:
      reader.fail();
  }
  return reader.complete() ? std::optional(std::move(answer)) : std::nullopt;
}

}  // namespace sfumato
