#pragma once

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "support/scratch.h"

namespace sfumato {

/// A line to a PostgreSQL server that breaks at one message from the client: the n-th, or the first
/// that holds a text. Later connections pass.
class CuttingProxy {
 public:
  enum class Cut {
    none,
    before,  ///< the message does not arrive
    amid,    ///< half of it does
    after,   ///< it arrives and is acted on, and the answer is lost
    gone,    ///< the same, and no later connection passes
  };

  CuttingProxy(const std::string& server, Cut cut, int message, std::string text = {})
      : server_(server + kSocket), cut_(cut), message_(message), text_(std::move(text)) {
    listener_ = socket(AF_UNIX, SOCK_STREAM, 0);
    const sockaddr_un address = address_of(place() + kSocket);
    if (bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        listen(listener_, 8) != 0)
      throw std::runtime_error("no socket for the proxy");
    thread_ = std::thread([this] { serve(); });
  }
  ~CuttingProxy() {
    stop_ = true;
    thread_.join();
    close(listener_);
  }
  CuttingProxy(const CuttingProxy&) = delete;
  CuttingProxy& operator=(const CuttingProxy&) = delete;

  std::string place() const { return scratch_.path("."); }
  int messages() const { return counted_; }
  bool has_cut() const { return cut_done_; }

 private:
  static constexpr const char* kSocket = "/.s.PGSQL.5432";

  struct Line {
    int client, server;
    bool open = true;
  };

  static sockaddr_un address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    return address;
  }

  void serve() {
    while (!stop_) {
      std::vector<pollfd> ends{{listener_, POLLIN, 0}};
      for (const Line& line : lines_) {
        ends.push_back({line.client, POLLIN, 0});
        ends.push_back({line.server, POLLIN, 0});
      }
      if (poll(ends.data(), ends.size(), 20) <= 0) continue;
      const std::size_t lines = lines_.size();
      for (std::size_t i = 0; i < lines; ++i) {
        if (ends[1 + 2 * i].revents && lines_[i].open) from_client(lines_[i]);
        if (ends[2 + 2 * i].revents && lines_[i].open) from_server(lines_[i]);
      }
      if (ends[0].revents) take_up();
      std::erase_if(lines_, [](const Line& line) { return !line.open; });
    }
    for (Line& line : lines_) hang_up(line);
  }

  void take_up() {
    Line line{accept(listener_, nullptr, nullptr), socket(AF_UNIX, SOCK_STREAM, 0)};
    const sockaddr_un address = address_of(server_);
    const bool closed = cut_ == Cut::gone && cut_done_;
    if (!closed &&
        connect(line.server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0)
      lines_.push_back(line);
    else
      hang_up(line);
  }

  static void hang_up(Line& line) {
    close(line.client);
    close(line.server);
    line.open = false;
  }

  static std::string taken(int end) {
    char buffer[1 << 16];
    const ssize_t got = recv(end, buffer, sizeof buffer, 0);
    return got > 0 ? std::string(buffer, static_cast<std::size_t>(got)) : std::string();
  }

  static void pass(int end, std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = send(end, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  void from_client(Line& line) {
    const std::string bytes = taken(line.client);
    if (bytes.empty()) return hang_up(line);
    ++counted_;
    const bool here = text_.empty() ? counted_ == message_ : bytes.find(text_) != bytes.npos;
    if (cut_ == Cut::none || cut_done_ || !here) return pass(line.server, bytes);
    cut_done_ = true;
    if (cut_ == Cut::amid) pass(line.server, std::string_view(bytes).substr(0, bytes.size() / 2));
    if (cut_ == Cut::after || cut_ == Cut::gone) {
      pass(line.server, bytes);
      (void)taken(line.server);
    }
    hang_up(line);
  }

  void from_server(Line& line) {
    const std::string bytes = taken(line.server);
    if (bytes.empty()) return hang_up(line);
    pass(line.client, bytes);
  }

  const Scratch scratch_;
  const std::string server_;
  const Cut cut_;
  const int message_;
  const std::string text_;
  int listener_;
  std::atomic<int> counted_ = 0;
  std::atomic<bool> cut_done_ = false, stop_ = false;
  std::vector<Line> lines_;
  std::thread thread_;
};

}  // namespace sfumato
