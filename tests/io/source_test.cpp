#include "io/source.h"

#include <arrow/api.h>
#include <arrow/io/compressed.h>
#include <arrow/io/file.h>
#include <arrow/ipc/writer.h>
#include <arrow/util/compression.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <random>
#include <thread>

#include "io/scratch.h"
#include "sfumato/io/table_files.h"

namespace sfumato::source_test {
namespace {

const ColumnRequest kBoth = {.keys = {"a"}, .numbers = {"b"}};

std::string packed(std::string_view bytes, arrow::Compression::type how) {
  const Scratch scratch;
  const auto out = arrow::io::FileOutputStream::Open(scratch.path("packed")).ValueOrDie();
  const auto codec = arrow::util::Codec::Create(how).ValueOrDie();
  const auto stream = arrow::io::CompressedOutputStream::Make(codec.get(), out).ValueOrDie();
  EXPECT_TRUE(stream->Write(bytes.data(), std::ssize(bytes)).ok() && stream->Close().ok());
  return contents(scratch.path("packed"));
}

constexpr arrow::Compression::type kPackings[] = {arrow::Compression::GZIP,
                                                  arrow::Compression::ZSTD};

std::string many_rows(int rows) {
  std::string text = "a,b\n";
  for (int i = 0; i < rows; ++i) text += numbered(numbered("k", i % 100) + ",", i) + "\n";
  return text;
}

/// Standard input is a descriptor like another: it becomes `bytes`, through a pipe, and comes back.
class Piped {
 public:
  explicit Piped(std::string bytes) : before_(::dup(STDIN_FILENO)) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    ::dup2(ends[0], STDIN_FILENO);
    ::close(ends[0]);
    writer_ = std::thread([out = ends[1], bytes = std::move(bytes)] {
      for (std::size_t done = 0; done < bytes.size();) {
        const ssize_t wrote =
            ::write(out, bytes.data() + done, std::min<std::size_t>(bytes.size() - done, 999));
        if (wrote <= 0) break;
        done += static_cast<std::size_t>(wrote);
      }
      ::close(out);
    });
  }
  ~Piped() {
    for (char rest[4096]; ::read(STDIN_FILENO, rest, sizeof rest) > 0;) {
    }
    writer_.join();
    ::dup2(before_, STDIN_FILENO);
    ::close(before_);
  }
  Piped(const Piped&) = delete;
  Piped& operator=(const Piped&) = delete;

 private:
  int before_;
  std::thread writer_;
};

Everything read_piped(std::string bytes, const ColumnRequest& request = kBoth) {
  const Piped piped(std::move(bytes));
  return read_all({"-"}, request);
}

std::string ipc_stream(bool closed = true) {
  const Scratch scratch;
  const auto out = arrow::io::FileOutputStream::Open(scratch.path("s")).ValueOrDie();
  arrow::StringBuilder a;
  arrow::Int64Builder b, unwanted;
  for (int i = 0; i < 3; ++i)
    EXPECT_TRUE(a.Append(numbered("k", i)).ok() && b.Append(i).ok() && unwanted.Append(9).ok());
  const auto table = arrow::Table::Make(
      arrow::schema({arrow::field("z", arrow::int64()), arrow::field("b", arrow::int64()),
                     arrow::field("a", arrow::utf8())}),
      {unwanted.Finish().ValueOrDie(), b.Finish().ValueOrDie(), a.Finish().ValueOrDie()});
  const auto writer = arrow::ipc::MakeStreamWriter(out, table->schema()).ValueOrDie();
  EXPECT_TRUE(writer->WriteTable(*table, 2).ok());
  EXPECT_TRUE(!closed || writer->Close().ok());
  EXPECT_TRUE(out->Close().ok());
  return contents(scratch.path("s"));
}

const Lines kThree = {"t'k0'|i0", "t'k1'|i1", "t'k2'|i2"};

// ---- packed files

TEST(PackedFiles, AreReadAsTheirContentByTheirFirstBytes) {
  const Scratch scratch;
  const std::string text = many_rows(200'000);
  const Everything plain = read_all({scratch.file("t.csv", text)}, kBoth);
  ASSERT_EQ(plain.rows.size(), 200'000U);
  for (const auto how : kPackings)
    EXPECT_EQ(read_all({scratch.file("t.csv", packed(text, how))}, kBoth).rows, plain.rows);
}

TEST(PackedFiles, MayHaveSeveralMembers) {
  const Scratch scratch;
  for (const auto how : kPackings) {
    const std::string bytes =
        packed("a,b\nk0,0\nk1", how) + packed(",1\n", how) + packed("", how) + packed("k2,2", how);
    const Everything all = read_all({scratch.file("t", bytes)}, kBoth);
    EXPECT_EQ(all.error, "");
    EXPECT_EQ(all.rows, kThree);
  }
}

TEST(PackedFiles, ThatAreCutShortOrBrokenAreRefusedInASentence) {
  const Scratch scratch;
  std::mt19937_64 rng(5);
  std::string text = "a,b\n";
  for (int i = 0; i < 60'000; ++i) text += numbered(numbered("SECRET", rng()) + ",", i) + "\n";
  for (const auto how : kPackings) {
    const std::string whole = packed(text, how);
    const std::string sentence = scratch.path("t") + ": is not a whole and sound " +
                                 (how == arrow::Compression::GZIP ? "gzip" : "zstd") +
                                 " archive, though it begins as one";
    for (const std::size_t length : {std::size_t{12}, whole.size() / 2, whole.size() - 1}) {
      const auto all = read_all({scratch.file("t", whole.substr(0, length))}, kBoth);
      EXPECT_EQ(all.error, sentence) << length;
      EXPECT_EQ(all.code, Errc::malformed);
    }
    std::string spoilt = whole;
    spoilt[whole.size() / 3] = static_cast<char>(~spoilt[whole.size() / 3]);
    EXPECT_EQ(read_all({scratch.file("t", spoilt)}, kBoth).error.find("SECRET"), std::string::npos);
    EXPECT_NE(read_all({scratch.file("t", spoilt)}, kBoth).error, "");
  }
}

TEST(PackedFiles, WithAnEmptyOrForeignContentAreRefused) {
  const Scratch scratch;
  for (const auto how : kPackings) {
    EXPECT_EQ(read_all({scratch.file("t", packed("", how))}, kBoth).error,
              scratch.path("t") + ": is empty: a CSV file needs a header line");
    EXPECT_EQ(read_all({scratch.file("t", packed("PAR1xxxx", how))}, kBoth).error,
              scratch.path("t") +
                  ": is a packed Parquet or Arrow file: unpack it, since it packs its own columns");
    EXPECT_EQ(read_all({scratch.file("t", packed("a\n\xFF\n", how))}, kBoth).code, Errc::malformed);
    EXPECT_TRUE(read_all({scratch.file("t", packed("a,b\n\n\n", how))}, kBoth).rows.empty());
  }
}

TEST(PackedFiles, ThatSwellBeyondMeasureTakeNoMemory) {
  const Scratch scratch;
  const std::string row = "a,b\n\"" + std::string(std::size_t{200} << 20, 'x');
  const std::string blanks = "a,b\n" + std::string(std::size_t{200} << 20, '\n') + "k,1\n";
  const std::string one = packed(row, arrow::Compression::ZSTD);
  const std::string two = packed(blanks, arrow::Compression::GZIP);
  const auto peak = [] {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
  };
  ASSERT_LT(one.size(), std::size_t{1} << 20);
  const long before = peak();
  EXPECT_EQ(read_all({scratch.file("1", one)}, kBoth).error,
            scratch.path("1") +
                ": has a row of more than 8 MiB: is there a quotation mark that is never closed?");
  EXPECT_EQ(read_all({scratch.file("2", two)}, kBoth).rows, (Lines{"t'k'|i1"}));
  EXPECT_LT(peak() - before, 100L << 10);  // kilobytes
}

TEST(PackedFiles, TellHowFarTheyAre) {
  const Scratch scratch;
  std::mt19937_64 rng(6);
  std::string text = "a,b\n";
  while (text.size() < std::size_t{120} << 20) {
    std::string row(1000, ' ');
    for (char& c : row) c = static_cast<char>('a' + rng() % 16);
    text += row + ",1\n";
  }
  const std::string path = scratch.file("t", packed(text, arrow::Compression::ZSTD));
  auto reader = TableReader::open({path}, kBoth).value();
  Batch batch;
  ASSERT_TRUE(reader.next(batch).value());
  EXPECT_GT(reader.share_read(), 0.0);
  EXPECT_LT(reader.share_read(), 0.9);
}

// ---- standard input

TEST(StandardInput, IsCsvPackedOrNotOrAnArrowStream) {
  const std::string text = "a,b\nk0,0\nk1,1\nk2,2\n";
  EXPECT_EQ(read_piped(text).rows, kThree);
  EXPECT_EQ(read_piped(packed(text, arrow::Compression::GZIP)).rows, kThree);
  EXPECT_EQ(read_piped(packed(text, arrow::Compression::ZSTD)).rows, kThree);
  EXPECT_EQ(read_piped(ipc_stream()).rows, kThree);
  EXPECT_EQ(read_piped(text, {.keys = {"a"}, .where = {parse_condition("b > 0").value()}}).rows,
            (Lines{"t'k1'", "t'k2'"}));
}

TEST(StandardInput, MayBeLargerThanABlock) {
  const std::string text = many_rows(1'600'000);
  const Scratch scratch;
  ASSERT_GT(text.size(), std::size_t{16} << 20);
  EXPECT_EQ(read_piped(text).rows, read_all({scratch.file("t", text)}, kBoth).rows);
}

TEST(StandardInput, StandsInAnyPlaceAmongFiles) {
  const Scratch scratch;
  const std::string file = scratch.file("t", "b,a\n7,x\n");
  const Piped piped("a,b\ny,8\n");
  EXPECT_EQ(read_all({file, "-"}, kBoth).rows, (Lines{"t'x'|i7", "t'y'|i8"}));
}

TEST(StandardInput, OfAFormatThatIsReadFromItsEndIsRefused) {
  EXPECT_EQ(read_piped("PAR1xxxxxxxx").error,
            "standard input: is Parquet, which has to be read from its end: name the file");
  EXPECT_EQ(
      read_piped("ARROW1xxxxxx").error,
      "standard input: is an Arrow IPC file, which has to be read from its end: name the file, "
      "or pipe in Arrow's stream format");
}

TEST(StandardInput, WithNothingInItOrBrokenIsRefused) {
  EXPECT_EQ(read_piped("").error, "standard input: is empty: a CSV file needs a header line");
  EXPECT_EQ(read_piped("a,b\n1\n").error,
            "standard input: has a row with too many or too few cells: its header asks for 2");
  EXPECT_EQ(read_piped("a,c\n1,2\n").error,
            "standard input: has no column 'b'; its columns are 'a', 'c'");
}

TEST(StandardInput, IsReadOnce) {
  const Piped piped("a,b\n1,2\n");
  EXPECT_EQ(read_all({"-", "-"}, kBoth).error,
            "standard input: is named twice: it can be read only once");
}

TEST(StandardInput, ThatIsOneOfTheFilesIsRefused) {
  const Scratch scratch;
  const std::string path = scratch.file("t", "a,b\n1,2\n");
  const Piped piped("");
  FILE* redirected = std::fopen(path.c_str(), "r");
  ::dup2(::fileno(redirected), STDIN_FILENO);
  EXPECT_EQ(read_all({path, "-"}, kBoth).error,
            "-: is the same file as " + path + ": name it once, since its rows would count twice");
  std::fclose(redirected);
}

TEST(ArrowStreams, MayBeFilesAndAreRefusedWhereTheirEndIsMissingOrNotTheLast) {
  const Scratch scratch;
  const std::string whole = ipc_stream();
  const auto error = [&](const std::string& bytes) {
    return read_all({scratch.file("t", bytes)}, kBoth).error;
  };
  EXPECT_EQ(read_all({scratch.file("t", whole)}, kBoth).rows, kThree);
  const std::string sentence = scratch.path("t") +
                               ": is not a whole and sound Arrow IPC stream file, though it begins "
                               "as one";
  EXPECT_EQ(error(ipc_stream(false)), sentence);
  EXPECT_EQ(error(whole + whole), sentence);
  EXPECT_EQ(error(whole + "x"), sentence);
  for (std::size_t length = 9; length < whole.size(); length += 7)
    EXPECT_EQ(error(whole.substr(0, length)), sentence) << length;
}

// ---- which files

TEST(TableReader, TheSameFileByAnotherPathIsRefused) {
  const Scratch scratch;
  const std::string file = scratch.file("t.csv", "a,b\n1,2\n");
  const auto error = [&](const std::string& again) { return read_all({file, again}, kBoth).error; };
  const std::string name_it = ": name it once, since its rows would count twice";
  EXPECT_EQ(error(file), file + ": is named twice" + name_it);
  std::filesystem::create_symlink(file, scratch.path("link"));
  std::filesystem::create_hard_link(file, scratch.path("hard"));
  for (const char* name : {"./t.csv", "link", "hard"})
    EXPECT_EQ(error(scratch.path(name)),
              scratch.path(name) + ": is the same file as " + file + name_it);
  std::filesystem::copy_file(file, scratch.path("copy"));
  EXPECT_EQ(error(scratch.path("copy")), "");  // what is alike is not the same
}

}  // namespace
}  // namespace sfumato::source_test
