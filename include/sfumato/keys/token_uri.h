#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sfumato/base/result.h"

namespace sfumato {

/// Which key of which PKCS #11 token, and how to come to it: a URI as RFC 7512 has it, such as
///
///     pkcs11:token=clinic;object=rings?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:pin
///
/// Of a path it knows token, serial, manufacturer, model, object, id and slot-id; type must be
/// secret-key where it is said.
struct TokenUri {
  std::optional<std::string> token, serial, manufacturer, model, object, id;
  std::optional<unsigned long> slot;
  std::optional<std::string>
      module;  ///< a shared library; none: p11-kit's, which knows those of the system
  std::optional<std::string>
      pin_source;  ///< `file:PATH`, `env:NAME` or `fd:NUMBER`; none: who asks knows

  /// Refuses attributes that it does not know, since they would narrow down which key it is; a PIN, which
  /// all who see a command line would read; and a URI that names no key.
  static Result<TokenUri> parse(std::string_view text);
};

}  // namespace sfumato
