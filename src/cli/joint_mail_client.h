#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cli/joint_mail.h"
#include "cli/joint_talk.h"
#include "cli/joint_tls.h"

namespace sfumato {

/// A folder of mail that a connection to the coordinator carries to and from: what is said lies in the folder first,
/// and then at the coordinator; what the coordinator has comes into the folder. So a session may go on by files, or
/// by another connection, at any time.
///
/// A connection that is lost is made again until `until`, ever more slowly; nothing is lost by it, since whatever may
/// not have come is asked for or sent once more.
class MailClient final : public JointMail {
 public:
  static Result<std::unique_ptr<MailClient>> make(const Address& coordinator,
                                                  const SigningKey& self, const PublicKey& expected,
                                                  std::unique_ptr<JointMail> folder,
                                                  Deadline until);
  ~MailClient() override;

  Result<std::optional<std::string>> get(const std::string& name) override;
  Status put(const std::string& name, std::string_view bytes) override;
  void await_news() override;
  void done() override;

  /// Sends what lies in the folder under that name, if anything does.
  Status hand_in(const std::string& name);

 private:
  MailClient(Address coordinator, TlsEnd end, std::unique_ptr<JointMail> folder, Deadline until)
      : coordinator_(std::move(coordinator)),
        end_(std::move(end)),
        folder_(std::move(folder)),
        until_(until) {}

  Result<MailAnswer> ask(const MailRequest& request, std::string_view bytes = {});
  Result<MailAnswer> exchange(const MailRequest& request, std::string_view bytes);
  Result<MailAnswer> answer();
  Status connect();
  void drop();
  void tell(const std::string& why);

  Address coordinator_;
  TlsEnd end_;
  std::unique_ptr<JointMail> folder_;
  Deadline until_;
  std::uint64_t changes_ = 0;
  std::string told_;
  Descriptor socket_{-1};
  std::optional<TlsLink> link_;  // over the socket
};

}  // namespace sfumato
