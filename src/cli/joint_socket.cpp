#include "cli/joint_socket.h"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>

namespace sfumato {
namespace {

using Clock = std::chrono::steady_clock;
using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

constexpr int kBacklog = 64;
constexpr auto kLinger = std::chrono::milliseconds(300);
constexpr std::size_t kMostHeardOut = std::size_t{1} << 16;

Error failed(const std::string& where, const std::string& what) {
  return {Errc::unavailable, where, what};
}

std::string text_of(const Address& address) {
  const bool colons = address.host.find(':') != std::string::npos;
  return (colons ? "[" + address.host + "]" : address.host) + ":" + address.port;
}

Result<Addresses> resolve(const Address& address, int flags) {
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = flags | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (::getaddrinfo(address.host.c_str(), address.port.c_str(), &wanted, &found) != 0)
    return failed(text_of(address), "is no address that is known here");
  return Addresses(found, ::freeaddrinfo);
}

/// Small frames that are answered must not wait for one another; who is gone without a word is found out.
void prepare(int socket) {
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
}

Descriptor socket_for(const addrinfo& address) {
  return Descriptor(
      ::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, address.ai_protocol));
}

/// 0, or why there is no connection.
int connect_socket(int socket, const addrinfo& address, Deadline deadline) {
  if (::connect(socket, address.ai_addr, address.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  if (!wait_for(socket, POLLOUT, deadline)) return ETIMEDOUT;
  int why = 0;
  socklen_t size = sizeof why;
  return ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &why, &size) == 0 ? why : errno;
}

std::string address_by(int (*name)(int, sockaddr*, socklen_t*), int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  std::array<char, NI_MAXHOST> host{};
  std::array<char, NI_MAXSERV> port{};
  if (name(socket, generic, &size) != 0 ||
      ::getnameinfo(generic, size, host.data(), host.size(), port.data(), port.size(),
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
    return "an unknown address";
  return text_of({host.data(), port.data()});
}

}  // namespace

Result<Address> Address::parse(const std::string& text, const char* where) {
  const std::size_t colon = text.rfind(':');
  Address address{colon == std::string::npos ? "127.0.0.1" : text.substr(0, colon),
                  text.substr(colon + 1)};  // npos + 1 is 0
  if (address.host.starts_with('[') && address.host.ends_with(']'))
    address.host = address.host.substr(1, address.host.size() - 2);
  else if (address.host.find(':') != std::string::npos)
    address.host.clear();  // whose last part is a port nobody can tell
  unsigned port = 0;
  const char* const end = address.port.data() + address.port.size();
  const auto read = std::from_chars(address.port.data(), end, port);
  if (address.host.empty() || read.ec != std::errc() || read.ptr != end || port > 0xffff)
    return Error{Errc::invalid_parameter, where, "must be HOST:PORT, such as 192.0.2.7:7100"};
  return address;
}

Result<Descriptor> listen_at(const Address& address) {
  const auto found = resolve(address, AI_PASSIVE);
  if (!found) return found.error();
  Descriptor socket = socket_for(**found);
  const int on = 1;  // a coordinator that starts again takes its port again
  if (!socket.open() ||
      ::setsockopt(socket.value(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      ::bind(socket.value(), (*found)->ai_addr, (*found)->ai_addrlen) != 0 ||
      ::listen(socket.value(), kBacklog) != 0)
    return failed(text_of(address), std::string("can't be listened at: ") + std::strerror(errno));
  return socket;
}

std::string own_address(int socket) {
  return address_by(::getsockname, socket);
}

std::string other_address(int socket) {
  return address_by(::getpeername, socket);
}

Descriptor accept_at(int listener) {
  Descriptor socket(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (socket.open()) prepare(socket.value());
  return socket;
}

Result<Descriptor> connect_to(const Address& address, Deadline deadline) {
  const auto found = resolve(address, 0);
  if (!found) return found.error();
  int why = 0;
  for (const addrinfo* one = found->get(); one; one = one->ai_next) {
    Descriptor socket = socket_for(*one);
    why = socket.open() ? connect_socket(socket.value(), *one, deadline) : errno;
    if (why != 0) continue;
    prepare(socket.value());
    return socket;
  }
  return failed(text_of(address), std::string("can't be reached: ") + std::strerror(why));
}

bool wait_for(int socket, short events, Deadline deadline) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) return false;
    pollfd one{.fd = socket, .events = events, .revents = 0};
    const int ready = ::poll(&one, 1, static_cast<int>(std::min<long long>(left.count(), 60'000)));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

void part_from(int socket) {
  ::shutdown(socket, SHUT_WR);
  const Deadline end = Clock::now() + kLinger;
  std::array<char, 4096> heard{};
  for (std::size_t all = 0; all < kMostHeardOut && wait_for(socket, POLLIN, end);) {
    const ssize_t some = ::recv(socket, heard.data(), heard.size(), 0);
    if (some <= 0) return;
    all += static_cast<std::size_t>(some);
  }
}

}  // namespace sfumato
