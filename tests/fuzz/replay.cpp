// What a gate has time for: the seeds, all that is one byte or one cut away from them, and some
// thousands further away, the same each time.
//
//     replay_NAME               runs them
//     replay_NAME FILE...       runs what a fuzzer has found instead
//     replay_NAME --write DIR   writes the seeds there, for a fuzzer to begin at
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "fuzz/target.h"

namespace sfumato {
namespace {

void take_neighbours(const std::string& seed) {
  take(seed);
  for (std::size_t at = 0; at < seed.size(); ++at) {
    take(std::string_view(seed).substr(0, at));
    take(std::string_view(seed).substr(at));
    std::string changed = seed;
    for (const int flip : {1, 2, 4, 8, 16, 32, 64, 128, 255}) {
      changed[at] = static_cast<char>(seed[at] ^ flip);
      take(changed);
    }
    for (const char more : {'\0', '0', ' '}) take(seed.substr(0, at) + more + seed.substr(at));
  }
  take(seed + '\0');
  take(seed + seed);
}

/// Pieces are overwritten, cut out, doubled, or taken from another seed.
std::string mutated(std::string bytes, const std::vector<std::string>& all, std::mt19937& random) {
  for (auto changes = 1 + random() % 4; changes > 0 && !bytes.empty(); --changes) {
    const std::size_t from = random() % bytes.size(), size = random() % 20;
    const std::string& other = all[random() % all.size()];
    switch (random() % 4) {
      case 0:
        bytes[from] = static_cast<char>(random());
        break;
      case 1:
        bytes.erase(from, size);
        break;
      case 2:
        bytes.insert(from, bytes.substr(random() % bytes.size(), size));
        break;
      default:
        if (!other.empty()) bytes.insert(from, other.substr(random() % other.size(), size));
    }
  }
  return bytes;
}

void replay() {
  const std::vector<std::string> all = seeds();
  require(!all.empty());
  take("");
  for (const std::string& seed : all) take_neighbours(seed);
  std::mt19937 random(20240607);
  for (int round = 0; round < 50'000; ++round)
    take(mutated(all[random() % all.size()], all, random));
}

void replay_file(const char* path) {
  std::ifstream file(path, std::ios::binary);
  require(file.is_open());
  take(std::string(std::istreambuf_iterator<char>(file), {}));
}

void write_seeds(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  int count = 0;
  for (const std::string& seed : seeds())
    std::ofstream(folder / ("seed" + std::to_string(count++)), std::ios::binary) << seed;
}

}  // namespace
}  // namespace sfumato

int main(int count, char** words) {
  using namespace sfumato;
  if (count == 1) replay();
  if (count == 3 && words[1] == std::string_view("--write")) return write_seeds(words[2]), 0;
  for (int i = 1; i < count; ++i) replay_file(words[i]);
}
