#include <arrow/api.h>
#include <arrow/csv/api.h>
#include <arrow/io/file.h>
#include <arrow/util/thread_pool.h>
#include <benchmark/benchmark.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>

#include "sfumato/deid/deidentify.h"

namespace {

using namespace sfumato;

constexpr int kRows = 400'000;
constexpr int kThreads = 2;

/// A CSV file of ten columns, as a bank's might be, gone with the program.
class Statement {
 public:
  Statement() {
    std::string folder = (std::filesystem::temp_directory_path() / "sfumato_XXXXXX").string();
    folder_ = ::mkdtemp(folder.data());
    std::ofstream out(in(), std::ios::binary);
    out << "customer,card,mail,date,amount,currency,shop,city,kind,note\n";
    std::mt19937_64 draw(1);
    for (int i = 0; i < kRows; ++i) {
      const auto number = draw() % 10'000'000'000;
      out << "C" << 10'000'000 + draw() % 1'000'000 << ",41112222" << number / 100 + 10'000'000
          << ",person" << draw() % 100'000 << "@example.org,2024-0" << 1 + draw() % 9 << "-1"
          << draw() % 10 << "," << number % 100'000 << ".50,EUR,shop " << draw() % 5'000 << ",city "
          << draw() % 300 << "," << (draw() % 2 ? "online" : "terminal") << ",payment of goods\n";
    }
  }
  ~Statement() { std::filesystem::remove_all(folder_); }

  std::string in() const { return folder_ / "in.csv"; }
  std::string out() const { return folder_ / "out.csv"; }
  std::int64_t bytes() const { return static_cast<std::int64_t>(std::filesystem::file_size(in())); }

 private:
  std::filesystem::path folder_;
};

const Statement& statement() {
  static const Statement made;
  return made;
}

/// How fast Arrow reads and writes the table as it is: each cell a text, so that nothing changes.
arrow::Status copy_by_arrow() {
  ARROW_RETURN_NOT_OK(arrow::SetCpuThreadPoolCapacity(kThreads));
  ARROW_ASSIGN_OR_RAISE(auto in, arrow::io::ReadableFile::Open(statement().in()));
  auto convert = arrow::csv::ConvertOptions::Defaults();
  convert.default_column_type = arrow::utf8();
  auto read = arrow::csv::ReadOptions::Defaults();
  read.block_size = 8 << 20;
  ARROW_ASSIGN_OR_RAISE(auto reader, arrow::csv::StreamingReader::Make(
                                         arrow::io::default_io_context(), in, read,
                                         arrow::csv::ParseOptions::Defaults(), convert));
  ARROW_ASSIGN_OR_RAISE(auto out, arrow::io::FileOutputStream::Open(statement().out()));
  ARROW_RETURN_NOT_OK(
      arrow::csv::WriteCSV(reader, arrow::csv::WriteOptions::Defaults(), out.get()));
  return out->Close();
}

void arrow_reads_and_writes(benchmark::State& state) {
  for (auto _ : state)
    if (const auto status = copy_by_arrow(); !status.ok())
      return state.SkipWithError(status.message().c_str());
  state.SetBytesProcessed(state.iterations() * statement().bytes());
}
BENCHMARK(arrow_reads_and_writes)->MeasureProcessCPUTime()->UseRealTime();

void deidentify(benchmark::State& state, const std::string& columns) {
  const auto policy =
      Policy::parse("version = 1\ndefault = \"keep\"\n" + columns, "policy").value();
  const RewriteParams params{.threads = kThreads};
  const KeyRing ring = KeyRing::generate().value();
  for (auto _ : state) {
    auto work = Deidentifier::open(policy, statement().in(), params, &ring).value();
    benchmark::DoNotOptimize(std::move(work).write(statement().out(), {}).value());
  }
  state.SetBytesProcessed(state.iterations() * statement().bytes());
}

/// Three of ten columns keyed: a token to be opened, a card number in its format, a token for good.
void three_keyed_columns(benchmark::State& state) {
  deidentify(state, R"(
[columns.customer]
role = "identifier"
transform = "token"
domain = "customer"
[columns.card]
role = "identifier"
transform = "ff1"
domain = "card"
alphabet = "digits"
[columns.mail]
role = "identifier"
transform = "cmac-token"
domain = "mail"
)");
}
BENCHMARK(three_keyed_columns)->MeasureProcessCPUTime()->UseRealTime();

void nothing_but_a_drop(benchmark::State& state) {
  deidentify(state, "[columns.note]\nrole = \"sensitive\"\ntransform = \"drop\"\n");
}
BENCHMARK(nothing_but_a_drop)->MeasureProcessCPUTime()->UseRealTime();

}  // namespace
