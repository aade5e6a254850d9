#include "support/source_path.h"

namespace sfumato {

// The one object that knows the tree's place, so that all others are the same in every tree.
std::string source_path(std::string_view within) {
  return std::string(SFUMATO_SOURCE_DIR "/").append(within);
}

}  // namespace sfumato
