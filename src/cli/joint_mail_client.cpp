#include "cli/joint_mail_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <thread>
#include <utility>

#include "base/printable.h"
#include "ledger/canonical.h"

namespace sfumato {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr auto kPatience = std::chrono::seconds(10);
constexpr auto kGoodbye = std::chrono::seconds(5);
constexpr milliseconds kFirstPause(50), kLongestPause(2000);

Error lost(std::string message) {
  return {Errc::unavailable, "connection", std::move(message)};
}

Error unexpected() {
  return lost("must be to a coordinator that answers what it was asked");
}

}  // namespace

Result<std::unique_ptr<MailClient>> MailClient::make(const Address& coordinator,
                                                     const SigningKey& self,
                                                     const PublicKey& expected,
                                                     std::unique_ptr<JointMail> folder,
                                                     Deadline until) {
  auto end = TlsEnd::make(self, {expected});
  if (!end) return std::move(end).error();
  return std::unique_ptr<MailClient>(
      new MailClient(coordinator, *std::move(end), std::move(folder), until));
}

MailClient::~MailClient() {
  if (link_) link_->end();
}

void MailClient::drop() {
  link_.reset();
  socket_.close();
}

Result<MailAnswer> MailClient::answer() {
  auto frame = link_->receive(kLongestMail + kAroundContent, Clock::now() + kPatience);
  if (!frame) return std::move(frame).error();
  if (!*frame) return lost("was ended there");
  auto read = MailAnswer::parse(**frame);
  if (!read) return unexpected();
  return *std::move(read);
}

// The coordinator speaks first, so that its refusal is read before anything is sent.
Status MailClient::connect() {
  auto socket = connect_to(coordinator_, Clock::now() + kPatience);
  if (!socket) return std::move(socket).error();
  auto link = end_.connect(socket->value(), Clock::now() + kPatience);
  if (!link) return std::move(link).error();
  socket_ = *std::move(socket);
  link_.emplace(*std::move(link));
  const auto greeting = answer();
  if (!greeting) return greeting.error();
  return greeting->kind == MailAnswer::Kind::ready ? ok() : Status(unexpected());
}

Result<MailAnswer> MailClient::exchange(const MailRequest& request, std::string_view bytes) {
  if (!link_)
    if (const Status connected = connect(); !connected) return connected.error();
  if (const Status sent = link_->send(request.bytes()); !sent) return sent.error();
  auto told = answer();
  if (!told || told->kind != MailAnswer::Kind::send) return told;
  if (request.kind != MailRequest::Kind::put) return unexpected();
  if (const Status sent = link_->send(bytes); !sent) return sent.error();
  return answer();
}

/// Said once, until it is another.
void MailClient::tell(const std::string& why) {
  if (std::exchange(told_, why) != why)
    fmt::print(stderr, "waits for the coordinator: {}\n", printable(why));
}

Result<MailAnswer> MailClient::ask(const MailRequest& request, std::string_view bytes) {
  for (milliseconds pause = kFirstPause;; pause = std::min(2 * pause, kLongestPause)) {
    const bool fresh = !link_;
    auto told = exchange(request, bytes);
    if (told && told->kind == MailAnswer::Kind::refused)
      return Error{Errc::refused, "coordinator", told->content};
    const bool later = told && told->kind == MailAnswer::Kind::later;
    if (told && !later) {
      told_.clear();
      return told;
    }
    Error why = later ? Error{Errc::unavailable, "coordinator", told->content} : told.error();
    if (!later) drop();
    if (why.code != Errc::unavailable) return why;
    if (!fresh && !later) continue;  // an old connection may have ended long ago
    if (Clock::now() + pause >= until_) return why;
    tell(why.where + " " + why.message);
    std::this_thread::sleep_for(pause);
  }
}

Result<std::optional<std::string>> MailClient::get(const std::string& name) {
  auto told = ask({.kind = MailRequest::Kind::get, .name = name});
  if (!told) return std::move(told).error();
  if (told->kind == MailAnswer::Kind::nothing) return folder_->get(name);
  if (told->kind != MailAnswer::Kind::here) return unexpected();
  if (const Status kept = folder_->put(name, told->content); !kept) return kept.error();
  return std::optional(std::move(told->content));
}

Status MailClient::put(const std::string& name, std::string_view bytes) {
  if (const Status kept = folder_->put(name, bytes); !kept) return kept;
  const auto told = ask({.kind = MailRequest::Kind::put,
                         .name = name,
                         .size = static_cast<std::uint32_t>(bytes.size()),
                         .hash = sha256(bytes)},
                        bytes);
  if (!told) return told.error();
  return told->kind == MailAnswer::Kind::kept ? ok() : Status(unexpected());
}

Status MailClient::hand_in(const std::string& name) {
  const auto bytes = folder_->get(name);
  if (!bytes) return bytes.error();
  return *bytes ? put(name, **bytes) : ok();
}

// Whoever does not answer may have heard it, and ended.
void MailClient::done() {
  until_ = std::min(until_, Clock::now() + kGoodbye);
  (void)ask({.kind = MailRequest::Kind::done, .name = {}});
}

// Who does not answer this will not answer the next request either, which says so.
void MailClient::await_news() {
  const auto told = ask({.kind = MailRequest::Kind::news, .name = {}, .changes = changes_});
  if (told && told->kind == MailAnswer::Kind::changes)
    changes_ = told->changes;
  else
    JointMail::await_news();
}

}  // namespace sfumato
