#include <arrow/api.h>
#include <arrow/io/file.h>
#include <arrow/ipc/writer.h>
#include <gtest/gtest.h>
#include <parquet/arrow/writer.h>

#include <algorithm>
#include <random>

#include "io/scratch.h"

namespace sfumato {
namespace {

constexpr int kRows = 40;
constexpr int kMutations = 2000;

/// A table whose text cells all hold the word SECRET, so that a message that quotes one shows.
std::shared_ptr<arrow::Table> secrets() {
  arrow::StringBuilder plain;
  arrow::StringDictionaryBuilder entries;
  arrow::DoubleBuilder reals;
  for (int i = 0; i < kRows; ++i) {
    EXPECT_TRUE(plain.Append(numbered("SECRET", i)).ok());
    EXPECT_TRUE(entries.Append(i % 2 ? "SECRETx" : "SECRETy").ok());
    EXPECT_TRUE(reals.Append(i / 7.0).ok());
  }
  const arrow::ArrayVector columns = {plain.Finish().ValueOrDie(), entries.Finish().ValueOrDie(),
                                      reals.Finish().ValueOrDie()};
  const auto names = arrow::schema({arrow::field("person", columns[0]->type()),
                                    arrow::field("site", columns[1]->type()),
                                    arrow::field("cost", columns[2]->type())});
  return arrow::Table::Make(names, columns);
}

std::string csv_bytes() {
  std::string text = "person,site,cost\n";
  for (int i = 0; i < kRows; ++i)
    text += numbered(numbered("SECRET", i) + ",\"SECRET,\xC3\xA9\",", i / 7.0) + "\n";
  return text;
}

std::string parquet_bytes(const Scratch& scratch) {
  const auto out = arrow::io::FileOutputStream::Open(scratch.path("made")).ValueOrDie();
  EXPECT_TRUE(parquet::arrow::WriteTable(*secrets(), arrow::default_memory_pool(), out, 15).ok());
  EXPECT_TRUE(out->Close().ok());
  return contents(scratch.path("made"));
}

std::string ipc_bytes(const Scratch& scratch) {
  const auto out = arrow::io::FileOutputStream::Open(scratch.path("made")).ValueOrDie();
  const auto table = secrets();
  const auto writer = arrow::ipc::MakeFileWriter(out, table->schema()).ValueOrDie();
  EXPECT_TRUE(writer->WriteTable(*table, 15).ok() && writer->Close().ok() && out->Close().ok());
  return contents(scratch.path("made"));
}

/// Some bytes changed, cut out, doubled, or the end cut off.
std::string mutated(std::string bytes, std::mt19937_64& rng) {
  const auto below = [&rng](std::size_t n) { return static_cast<std::size_t>(rng() % n); };
  for (std::size_t changes = 1 + below(4); changes > 0 && !bytes.empty(); --changes) {
    const std::size_t at = below(bytes.size());
    const std::size_t length = std::min(below(40), bytes.size() - at);
    switch (below(6)) {
      case 0:
        bytes.erase(at, length);
        break;
      case 1:
        bytes.insert(at, bytes.substr(at, length));
        break;
      case 2:
        bytes.resize(std::max<std::size_t>(at, 4));
        break;
      case 3:
        bytes[at] = "\"\n,\r"[below(4)];
        break;
      default:
        bytes[at] = static_cast<char>(below(256));
        break;
    }
  }
  return bytes;
}

/// Reads each mutation: rows or an error of one sentence come out of it, and no error shows a cell.
void survive(const std::string& sound, int seed) {
  const Scratch scratch;
  std::mt19937_64 rng(static_cast<std::uint64_t>(seed));
  const ColumnRequest request{{"person", "site"}, {"cost"}};
  EXPECT_EQ(read_all({scratch.file("t", sound)}, request).rows.size(), std::size_t{kRows});
  int refused = 0;
  for (int i = 0; i < kMutations; ++i) {
    const auto all = read_all({scratch.file("t", mutated(sound, rng))}, request);
    if (all.error.empty()) continue;
    ++refused;
    ASSERT_EQ(all.error.find("SECRET"), std::string::npos) << all.error;
    ASSERT_EQ(all.error.find(scratch.path("t") + ": "), 0U) << all.error;
    ASSERT_EQ(all.error.find('\n'), std::string::npos) << all.error;
    ASSERT_LT(all.error.size(), 300U) << all.error;
  }
  EXPECT_GT(refused, kMutations / 10);
  EXPECT_LT(refused, kMutations);
}

TEST(HostileFiles, NoChangeToACsvFileCrashesOrShowsACell) {
  survive(csv_bytes(), 1);
}

TEST(HostileFiles, NoChangeToAParquetFileCrashesOrShowsACell) {
  survive(parquet_bytes(Scratch()), 2);
}

TEST(HostileFiles, NoChangeToAnIpcFileCrashesOrShowsACell) {
  survive(ipc_bytes(Scratch()), 3);
}

TEST(HostileFiles, RandomBytesBehindEachMagicAreRefused) {
  const Scratch scratch;
  std::mt19937_64 rng(4);
  for (const char* magic : {"PAR1", "ARROW1", ""})
    for (int i = 0; i < 200; ++i) {
      std::string bytes = magic;
      while (bytes.size() < 600) bytes += static_cast<char>(rng());
      const auto all = read_all({scratch.file("t", bytes)}, {.keys = {"person"}});
      ASSERT_EQ(all.code, Errc::malformed) << all.error;
    }
}

}  // namespace
}  // namespace sfumato
