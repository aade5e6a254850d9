#pragma once

#include <chrono>
#include <string>

#include "base/file_descriptor.h"
#include "sfumato/base/result.h"

namespace sfumato {

using Deadline = std::chrono::steady_clock::time_point;

/// Where a coordinator listens.
struct Address {
  std::string host, port;

  /// Reads "host:port", "[::1]:port", or "port" alone, which is of this machine and seen by nobody else. `where` names
  /// the text in errors.
  static Result<Address> parse(const std::string& text, const char* where);
};

/// A socket that takes connections; port 0 is one that the system chooses.
Result<Descriptor> listen_at(const Address& address);

/// Where a socket listens, or from where its other end speaks: "127.0.0.1:4711".
std::string own_address(int socket);
std::string other_address(int socket);

/// None is open where nobody connects at this moment.
Descriptor accept_at(int listener);

/// The first of a host's addresses that takes a connection before the deadline.
Result<Descriptor> connect_to(const Address& address, Deadline deadline);

/// Whether `events` of poll(2) come before the deadline.
bool wait_for(int socket, short events, Deadline deadline);

/// Says that nothing more comes, and hears the other side out for a moment: an alert that was sent is lost where what
/// the other side had sent was not read.
void part_from(int socket);

}  // namespace sfumato
