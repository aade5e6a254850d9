#include "io/csv_header.h"

#include <gtest/gtest.h>

namespace sfumato {
namespace {

using Names = std::vector<std::string>;

Names names(std::string_view head) {
  const auto header = read_csv_header(head, true);
  return header ? header->names : Names{"(none)"};
}

TEST(CsvHeader, NamesTheColumnsAsTheyAreWritten) {
  EXPECT_EQ(names("a,b,c\n1,2,3\n"), (Names{"a", "b", "c"}));
  EXPECT_EQ(names(" a ,,c"), (Names{" a ", "", "c"}));
  EXPECT_EQ(names("one"), (Names{"one"}));
  EXPECT_EQ(names("a,"), (Names{"a", ""}));
}

TEST(CsvHeader, EndsAtEachKindOfNewline) {
  for (const char* newline : {"\n", "\r", "\r\n"}) {
    const std::string head = "a,b" + std::string(newline) + "1,2";
    const auto header = read_csv_header(head, true);
    EXPECT_EQ(header->names, (Names{"a", "b"}));
    EXPECT_EQ(head.substr(header->body), "1,2");
  }
}

TEST(CsvHeader, QuotedNamesMayHoldCommasNewlinesAndQuotes) {
  EXPECT_EQ(names("\"a,b\",\"c\nd\",\"say \"\"hi\"\"\"\r\n"), (Names{"a,b", "c\nd", "say \"hi\""}));
  EXPECT_EQ(names("\"\",x"), (Names{"", "x"}));
  EXPECT_EQ(names("a\"b,c"), (Names{"a\"b", "c"}));
  EXPECT_EQ(names("\"a\"b,c"), (Names{"ab", "c"}));
}

TEST(CsvHeader, AByteOrderMarkAndEmptyLinesAreSkipped) {
  const std::string head = "\xEF\xBB\xBF\n\r\na,b\n\n\n1,2\n";
  const auto header = read_csv_header(head, true);
  EXPECT_EQ(header->names, (Names{"a", "b"}));
  EXPECT_EQ(head.substr(header->body), "1,2\n");
}

TEST(CsvHeader, AFileOfNothingButNewlinesHasNone) {
  for (const char* head : {"", "\n", "\r\n\r\n", "\xEF\xBB\xBF", "\xEF\xBB\xBF\n"})
    EXPECT_EQ(names(head), Names{}) << head;
}

TEST(CsvHeader, AnUnfinishedHeaderIsNone) {
  EXPECT_FALSE(read_csv_header("a,b", false));
  EXPECT_FALSE(read_csv_header("\n\n", false));
  EXPECT_FALSE(read_csv_header("a,\"b\nc", false));
  EXPECT_TRUE(read_csv_header("a,b\n", false));
}

TEST(CsvHeader, AQuotationMarkThatIsNeverClosedIsRefused) {
  EXPECT_FALSE(read_csv_header("a,\"b\n1,2\n", true));
  EXPECT_FALSE(read_csv_header("\"", true));
  EXPECT_FALSE(read_csv_header("\"a\"\"", true));
}

}  // namespace
}  // namespace sfumato
