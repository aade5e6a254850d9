#include "cli/html.h"

#include <gtest/gtest.h>

namespace sfumato {
namespace {

TEST(HtmlText, StandsForItselfBetweenTagsAndInQuotes) {
  EXPECT_EQ(html_text("a < b & c > \"d\" 'e' `f`"),
            "a &lt; b &amp; c &gt; &quot;d&quot; &#39;e&#39; &#96;f&#96;");
  EXPECT_EQ(html_text("</title><script>"), "&lt;/title&gt;&lt;script&gt;");
  EXPECT_EQ(html_text("&lt;"), "&amp;lt;") << "an entity of the text is text, too";
  EXPECT_EQ(html_text("Zoë, 計画"), "Zoë, 計画");
}

TEST(HtmlText, ReordersNothingAndHoldsUtf8Alone) {
  EXPECT_EQ(html_text("a\u202eb"), "a\\u202eb");
  EXPECT_EQ(html_text(std::string("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(html_text("\xff<"), "\\xff&lt;");
}

}  // namespace
}  // namespace sfumato
