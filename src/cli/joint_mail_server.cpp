#include "cli/joint_mail_server.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdio>
#include <new>
#include <system_error>
#include <utility>

#include "base/printable.h"
#include "cli/joint_home.h"
#include "ledger/canonical.h"

namespace sfumato {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kMostStrangers = 32;  // who have not proved their keys yet
constexpr std::size_t kMostOfOne = 4;       // connections of one member
constexpr std::size_t kMostInAll = 2 * (kMostStrangers + kMostOfOne * Roster::kMost);
constexpr seconds kHandshake(10), kIdle(60), kNews(1);
constexpr milliseconds kTurn(100);  // in which the listener looks after who has gone
constexpr int kMostComplaints = 20;

std::vector<PublicKey> keys_of(const Roster& roster) {
  std::vector<PublicKey> keys;
  for (const Organisation& member : roster.members()) keys.push_back(member.key);
  return keys;
}

MailAnswer simply(MailAnswer::Kind kind) {
  return {.kind = kind, .content = {}};
}

MailAnswer not_yet() {
  return {.kind = MailAnswer::Kind::later, .content = "has not begun the session yet"};
}

}  // namespace

MailServer::MailServer(TlsEnd end, Descriptor listener, const Roster& roster, const QueryPlan& plan,
                       JointMail& folder)
    : end_(std::move(end)),
      listener_(std::move(listener)),
      roster_(roster),
      rights_(roster, plan),
      sums_(plan_folder(plan.hash()) + "sums"),
      folder_(&folder) {}

Result<std::unique_ptr<MailServer>> MailServer::start(const Address& address,
                                                      const SigningKey& self, const Roster& roster,
                                                      const QueryPlan& plan, JointMail& folder) {
  auto end = TlsEnd::make(self, keys_of(roster));
  if (!end) return std::move(end).error();
  auto listener = listen_at(address);
  if (!listener) return std::move(listener).error();
  std::unique_ptr<MailServer> server(
      new MailServer(*std::move(end), *std::move(listener), roster, plan, folder));
  server->listening_ = std::thread([&running = *server] { running.listen(); });
  return server;
}

MailServer::~MailServer() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  happened_.notify_all();
  listening_.join();
  {
    const std::lock_guard lock(mutex_);
    for (const Connection& one : connections_) ::shutdown(one.socket.value(), SHUT_RDWR);
  }
  for (Connection& one : connections_) one.thread.join();  // nobody adds to them any more
}

Result<std::optional<std::string>> MailServer::get(const std::string& name) {
  return folder_->get(name);
}

Status MailServer::put(const std::string& name, std::string_view bytes) {
  const std::lock_guard one(putting_);
  return put_alone(name, bytes);
}

/// While nobody else puts anything.
Status MailServer::put_alone(const std::string& name, std::string_view bytes) {
  if (const Status put = folder_->put(name, bytes); !put) return put;
  {
    const std::lock_guard lock(mutex_);
    ++changes_;
  }
  happened_.notify_all();
  return ok();
}

void MailServer::await_news() {
  folder_->await_news();  // into which others may put files, too
}

void MailServer::open(const Digest& session) {
  {
    const std::lock_guard lock(mutex_);
    session_ = session;
  }
  happened_.notify_all();
}

std::set<std::size_t> MailServer::told() const {
  const std::lock_guard lock(mutex_);
  return told_;
}

/// A flood of strangers must not fill a log.
void MailServer::complain(const std::string& who, const std::string& why) {
  int count = 0;
  {
    const std::lock_guard lock(mutex_);
    if (Clock::now() > minute_) {
      minute_ = Clock::now() + std::chrono::minutes(1);
      complaints_ = 0;
    }
    count = ++complaints_;
  }
  if (count > kMostComplaints) return;
  fmt::print(stderr, "sfumato joint serve: {}: {}{}\n", printable(who), printable(why),
             count == kMostComplaints ? " (no more is said in this minute)" : "");
}

void MailServer::listen() {
  for (;;) {
    const bool waiting = wait_for(listener_.value(), POLLIN, Clock::now() + kTurn);
    {
      const std::lock_guard lock(mutex_);
      if (over_) return;
    }
    reap();
    if (!waiting) continue;
    Descriptor socket = accept_at(listener_.value());
    if (socket.open())
      take(std::move(socket));
    else
      std::this_thread::sleep_for(kTurn);  // as many files are open as may be: some will be closed
  }
}

void MailServer::reap() {
  std::list<Connection> gone;
  {
    const std::lock_guard lock(mutex_);
    for (auto one = connections_.begin(); one != connections_.end();) {
      const auto next = std::next(one);
      if (one->over) gone.splice(gone.end(), connections_, one);
      one = next;
    }
  }
  for (Connection& one : gone) one.thread.join();
}

void MailServer::take(Descriptor socket) {
  const std::lock_guard lock(mutex_);
  if (connections_.size() >= kMostInAll) return;  // those that were cut have not all gone yet
  make_room(std::nullopt, kMostStrangers);
  Connection& one = connections_.emplace_back(Connection{
      .socket = std::move(socket), .from = {}, .since = Clock::now(), .member = {}, .thread = {}});
  one.from = other_address(one.socket.value());
  try {
    one.thread = std::thread([this, &one] { serve(one); });
  } catch (const std::system_error&) {
    connections_.pop_back();  // no thread is to be had: whoever it is comes again
  }
}

/// Cuts the oldest of a member's connections, or of those who have not proved their keys, where there are so many
/// already: a new one is more likely to be somebody's who is there. The lock is held.
void MailServer::make_room(std::optional<std::size_t> member, std::size_t most) {
  std::size_t count = 0;
  Connection* oldest = nullptr;
  for (Connection& one : connections_) {
    if (one.member != member || one.cut || one.over) continue;
    ++count;
    if (!oldest) oldest = &one;
  }
  if (count < most) return;
  oldest->cut = true;
  ::shutdown(oldest->socket.value(), SHUT_RDWR);
}

void MailServer::serve(Connection& connection) {
  const int socket = connection.socket.value();
  try {
    meet(connection);
  } catch (const std::bad_alloc&) {
    complain(connection.from, "can't be served: memory is used up");
  }
  ::shutdown(socket, SHUT_RDWR);
  const std::lock_guard lock(mutex_);
  connection.over = true;
}

void MailServer::meet(Connection& connection) {
  const int socket = connection.socket.value();
  auto link = end_.accept(socket, connection.since + kHandshake);
  if (!link) {
    complain(connection.from, link.error().message);
    return part_from(socket);
  }
  const auto member = roster_.place_of(link->peer());
  if (!member) return;  // the handshake lets in nobody else
  {
    const std::lock_guard lock(mutex_);
    make_room(member, kMostOfOne);
    connection.member = member;
  }
  talk(*link, *member);
}

void MailServer::talk(TlsLink& link, std::size_t member) {
  if (!link.send(simply(MailAnswer::Kind::ready).bytes())) return;
  for (;;) {
    const auto frame = link.receive(kLongestRequest, Clock::now() + kIdle);
    if (!frame || !*frame) return;  // cut, silent or ended: who wants more comes again
    const auto request = MailRequest::parse(**frame);
    if (!request) return complain(roster_.members()[member].name, "says what is no request");
    const auto said = answer(link, member, *request);
    if (!said || !link.send(said->bytes())) return;
    const std::lock_guard lock(mutex_);
    if (request->kind == MailRequest::Kind::done && said->kind == MailAnswer::Kind::kept)
      told_.insert(member);  // after it was answered: we may end now
    if (over_) return;
  }
}

/// None where the connection is of no use any more.
std::optional<MailAnswer> MailServer::answer(TlsLink& link, std::size_t member,
                                             const MailRequest& request) {
  switch (request.kind) {
    case MailRequest::Kind::get:
      return give(member, request.name);
    case MailRequest::Kind::put:
      return receive(link, member, request);
    case MailRequest::Kind::news:
      return news(request.changes);
    case MailRequest::Kind::done:
      return has_sums() ? simply(MailAnswer::Kind::kept)
                        : refuse(member, "says that sums have come, which are not there yet");
  }
  return refuse(member, "asks for nothing that there is");
}

bool MailServer::has_sums() {
  const auto sums = folder_->get(sums_);
  return sums && *sums;
}

MailAnswer MailServer::refuse(std::size_t member, const std::string& why) {
  complain(roster_.members()[member].name, why);
  return {.kind = MailAnswer::Kind::refused, .content = why};
}

/// The session; awaited for a moment where a party speaks of it before we know of it.
std::optional<Digest> MailServer::session_for(const std::string& name) {
  std::unique_lock lock(mutex_);
  if (rights_.is_of_a_session(name))
    happened_.wait_for(lock, kNews, [this] { return over_ || session_; });
  return session_;
}

MailAnswer MailServer::give(std::size_t member, const std::string& name) {
  const auto session = session_for(name);
  if (!rights_.may_get(member, name, session))
    return session || !rights_.is_of_a_session(name) ? refuse(member, "asks for what is not for it")
                                                     : not_yet();
  auto bytes = folder_->get(name);
  if (!bytes) return refuse(member, "asks for what can't be read here");
  if (!*bytes) return simply(MailAnswer::Kind::nothing);
  return {.kind = MailAnswer::Kind::here, .content = **std::move(bytes)};
}

std::optional<MailAnswer> MailServer::receive(TlsLink& link, std::size_t member,
                                              const MailRequest& request) {
  const auto session = session_for(request.name);
  const auto most = rights_.may_put(member, request.name, session);
  if (!most && !session && rights_.is_of_a_session(request.name)) return not_yet();
  if (!most) return refuse(member, "says what is not its to say");
  if (request.size > *most) return refuse(member, "says more than there is to say");
  const auto before = folder_->get(request.name);
  if (before && *before && sha256(**before) == request.hash) return simply(MailAnswer::Kind::kept);
  if (!link.send(simply(MailAnswer::Kind::send).bytes())) return std::nullopt;
  const auto bytes = link.receive(request.size, Clock::now() + kHandshake);
  if (!bytes || !*bytes) return std::nullopt;
  if ((*bytes)->size() != request.size || sha256(**bytes) != request.hash)
    return refuse(member, "says something else than it had told");
  return keep(member, request, **bytes);
}

MailAnswer MailServer::keep(std::size_t member, const MailRequest& request,
                            std::string_view bytes) {
  const std::lock_guard one(putting_);
  const auto before = folder_->get(request.name);
  const Status good = rights_.check(member, request.name, bytes, before ? *before : std::nullopt);
  if (!good) return refuse(member, good.error().where + " " + good.error().message);
  if (const Status kept = put_alone(request.name, bytes); !kept)
    return {.kind = MailAnswer::Kind::later, .content = "can't keep it at this moment"};
  return simply(MailAnswer::Kind::kept);
}

/// Soon in any case: files may have come by another way.
MailAnswer MailServer::news(std::uint64_t known) {
  std::unique_lock lock(mutex_);
  happened_.wait_for(lock, kNews, [&] { return over_ || changes_ != known; });
  return {.kind = MailAnswer::Kind::changes, .content = {}, .changes = changes_};
}

}  // namespace sfumato
