#include "sfumato/ledger/account.h"

namespace sfumato {

std::string_view name_of(Role role) noexcept {
  switch (role) {
    case Role::owner:
      return "owner";
    case Role::analyst:
      return "analyst";
    case Role::auditor:
      return "auditor";
  }
  return "";
}

std::string AccountName::to_string() const {
  const std::string of_dataset = "'" + dataset + "'";
  if (kind == Kind::dataset) return "dataset " + of_dataset;
  return (kind == Kind::project ? "project '" : "analyst '") + name + "' of " + of_dataset;
}

}  // namespace sfumato
