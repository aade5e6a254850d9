#include <benchmark/benchmark.h>

#include <random>
#include <string>

#include "deid/detectors.h"
#include "sfumato/deid/text_finder.h"

namespace sfumato {
namespace {

using Random = std::mt19937_64;

std::string digits(Random& rng, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += static_cast<char>('0' + rng() % 10);
  return text;
}

std::string word(Random& rng) {
  std::string text;
  for (std::size_t i = 0, size = 2 + rng() % 8; i < size; ++i)
    text += static_cast<char>('a' + rng() % 26);
  return text;
}

/// Sixteen digits that pass Luhn's test.
std::string card(Random& rng) {
  std::string number = "4" + digits(rng, 14);
  int sum = 0;
  for (std::size_t i = 0; i < number.size(); ++i) {
    const int digit = number[i] - '0', twice = digit * 2;
    sum += i % 2 == 1 ? digit : twice - (twice > 9 ? 9 : 0);
  }
  number += static_cast<char>('0' + (10 - sum % 10) % 10);
  if (rng() % 2 == 0) return number;
  return number.substr(0, 4) + " " + number.substr(4, 4) + " " + number.substr(8, 4) + " " +
         number.substr(12);
}

/// One line in which every second word or so is a number, an address or a card, found or just not.
std::string dense(Random& rng) {
  std::string text;
  for (int i = 0; i < 6; ++i) {
    text += word(rng) + " ";
    switch (rng() % 12) {
      case 0:
        text += card(rng);
        break;
      case 1:
        text += word(rng) + "." + word(rng) + "@" + word(rng) + ".com";
        break;
      case 2:
        text += "+49 30 " + digits(rng, 7);
        break;
      case 3:
        text += "192.0.2." + std::to_string(rng() % 300);
        break;
      case 4:
        text += digits(rng, 3) + "-" + digits(rng, 2) + "-" + digits(rng, 4);
        break;
      case 5:
        text += "DE89 3704 0044 0532 0130 00";
        break;
      case 6:
        text += "2024-0" + digits(rng, 1) + "-1" + digits(rng, 1) + " 12:3" + digits(rng, 1);
        break;
      case 7:
        text += digits(rng, 9);
        break;
      case 8:
        text += "13" + digits(rng, 9);
        break;
      case 9:
        text += digits(rng, 16);
        break;
      default:
        text += digits(rng, 1 + static_cast<int>(rng() % 6)) + "." + digits(rng, 2);
    }
    text += ", ";
  }
  return text;
}

std::string prose(Random& rng) {
  std::string text;
  for (int i = 0; i < 30; ++i) text += word(rng) + (i % 9 == 8 ? ". " : " ");
  return text;
}

void find_all(benchmark::State& state, std::string (*line)(Random&), bool dictionary) {
  Random rng(1);
  std::vector<std::string> texts;
  std::size_t bytes = 0;
  for (int i = 0; i < 4096; ++i) bytes += texts.emplace_back(line(rng)).size();
  std::vector<Detector> detectors;
  for (const DetectorLaw& law : detector_laws()) detectors.push_back(law.detector);
  std::vector<Dictionary> dictionaries;
  if (dictionary) {
    dictionaries.push_back({.name = "names", .words = {}, .ignore_case = true});
    for (int i = 0; i < 10'000; ++i) dictionaries[0].words.push_back(word(rng));
  }
  TextFinder finder = TextFinder::make(detectors, dictionaries).value();
  std::vector<Finding> found;
  for (auto _ : state) {
    found.clear();
    for (const std::string& text : texts) finder.find(text, found);
    benchmark::DoNotOptimize(found.data());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
  state.counters["bytes a finding"] =
      static_cast<double>(bytes) / static_cast<double>(found.size());
}

void text_finder_dense(benchmark::State& state) {
  find_all(state, dense, false);
}
void text_finder_prose(benchmark::State& state) {
  find_all(state, prose, false);
}
void text_finder_prose_with_10000_words(benchmark::State& state) {
  find_all(state, prose, true);
}
BENCHMARK(text_finder_dense);
BENCHMARK(text_finder_prose);
BENCHMARK(text_finder_prose_with_10000_words);

}  // namespace
}  // namespace sfumato
