#include "secagg/names.h"

#include "io/text_check.h"
#include "ledger/session.h"

namespace sfumato {

Status check_joint_name(const std::string& name, const char* where) {
  TextCheck text;
  if (!text.feed(name) || !text.complete())
    return Error{Errc::invalid_parameter, where, "must be written in UTF-8"};
  return check_name(name, where);
}

}  // namespace sfumato
