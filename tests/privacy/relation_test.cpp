#include "sfumato/privacy/relation.h"

#include <gtest/gtest.h>

namespace sfumato {
namespace {

TEST(Relation, IsNamedAsReportsWriteIt) {
  EXPECT_EQ(name_of(Relation::add_remove), "add-remove");
  EXPECT_EQ(name_of(Relation::replace), "replace");
}

}  // namespace
}  // namespace sfumato
