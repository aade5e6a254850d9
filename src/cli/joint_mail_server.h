#pragma once

#include <condition_variable>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "cli/joint_mail.h"
#include "cli/joint_rights.h"
#include "cli/joint_talk.h"
#include "cli/joint_tls.h"

namespace sfumato {

/// Gives a coordinator's folder of mail to the members of a roster, and takes what they say, each in its own name,
/// over connections of which each has its own thread: who is slow or silent stops nobody else. Runs until it goes.
///
/// It is mail itself: who waits for news at the other ends hears at once of what is put through it.
class MailServer final : public JointMail {
 public:
  /// `folder` outlasts it.
  static Result<std::unique_ptr<MailServer>> start(const Address& address, const SigningKey& self,
                                                   const Roster& roster, const QueryPlan& plan,
                                                   JointMail& folder);
  ~MailServer() override;

  Result<std::optional<std::string>> get(const std::string& name) override;
  Status put(const std::string& name, std::string_view bytes) override;
  void await_news() override;

  /// Where it listens, with the port that the system chose.
  std::string address() const { return own_address(listener_.value()); }

  /// From now on letters and messages of this session are taken and given.
  void open(const Digest& session);

  /// Who has said that the sums have come.
  std::set<std::size_t> told() const;

 private:
  struct Connection {
    Descriptor socket;
    std::string from;
    Deadline since;
    std::optional<std::size_t> member;  // none before it has proved its key
    bool cut = false, over = false;
    std::thread thread;
  };

  MailServer(TlsEnd end, Descriptor listener, const Roster& roster, const QueryPlan& plan,
             JointMail& folder);

  Status put_alone(const std::string& name, std::string_view bytes);
  void listen();
  void reap();
  void take(Descriptor socket);
  void make_room(std::optional<std::size_t> member, std::size_t most);
  void serve(Connection& connection);
  void meet(Connection& connection);
  void talk(TlsLink& link, std::size_t member);
  std::optional<MailAnswer> answer(TlsLink& link, std::size_t member, const MailRequest& request);
  MailAnswer give(std::size_t member, const std::string& name);
  std::optional<MailAnswer> receive(TlsLink& link, std::size_t member, const MailRequest& request);
  MailAnswer keep(std::size_t member, const MailRequest& request, std::string_view bytes);
  MailAnswer news(std::uint64_t known);
  bool has_sums();
  MailAnswer refuse(std::size_t member, const std::string& why);
  std::optional<Digest> session_for(const std::string& name);
  void complain(const std::string& who, const std::string& why);

  TlsEnd end_;
  Descriptor listener_;
  Roster roster_;
  MailRights rights_;
  std::string sums_;
  JointMail* folder_;

  mutable std::mutex mutex_;          // of all below
  std::condition_variable happened_;  // a change, a session, the end
  bool over_ = false;
  std::uint64_t changes_ = 1;
  std::optional<Digest> session_;
  std::set<std::size_t> told_;
  std::list<Connection> connections_;
  Deadline minute_{};
  int complaints_ = 0;  // in that minute

  std::mutex putting_;  // one file after the other
  std::thread listening_;
};

}  // namespace sfumato
