#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sfumato/base/result.h"

namespace sfumato {

/// Where the parties of a joint statistic leave what they say to one another: bytes by names such as
/// "plan-00ff/from.2.3". What lies there is signed or sealed by who says it: whoever carries it can lose it, and do
/// nothing else with it.
class JointMail {
 public:
  JointMail() = default;
  JointMail(const JointMail&) = delete;
  JointMail& operator=(const JointMail&) = delete;
  virtual ~JointMail() = default;

  /// None where nothing of this name has come yet.
  virtual Result<std::optional<std::string>> get(const std::string& name) = 0;

  /// Leaves bytes there, whole or not at all; what says the same already stays.
  virtual Status put(const std::string& name, std::string_view bytes) = 0;

  /// Returns when something may have come, soon in any case.
  virtual void await_news();

  /// Says that nothing more is wanted, where somebody waits to hear that.
  virtual void done() {}
};

/// Nothing that is said is longer: a list of 2^19 ciphertexts, and what is about it.
inline constexpr std::size_t kLongestMail = (std::size_t{1} << 27) + 1024;

/// In a folder that all can read and write, or whose files people carry from one to the other.
std::unique_ptr<JointMail> folder_mail(const std::string& folder);

}  // namespace sfumato
