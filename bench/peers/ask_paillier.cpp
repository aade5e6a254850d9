// ask_paillier TASK SECONDS FOLDER: how many numbers a second we encrypt or decrypt under the key of
// private.json, and one of them as it is decrypted. The task `key` makes private.json and number.json.
// See bench/peers/paillier.py.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "rate.h"
#include "sfumato/homomorphic/dealing.h"
#include "sfumato/homomorphic/elgamal.h"
#include "sfumato/homomorphic/paillier_json.h"
#include "sfumato/random/system_bits.h"

namespace sfumato {
namespace {

constexpr std::int64_t kNumber = 12345;

struct Answer {
  std::int64_t sample;
  double rate;
};

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write(const std::string& path, std::string_view text) {
  std::ofstream(path, std::ios::binary) << text;
}

int make_key(const std::string& folder) {
  SystemBits bits = SystemBits::open().value();
  const auto key = PaillierPrivateKey::generate(bits).value();
  write(folder + "/private.json", to_json(key, "bench").view());
  const auto encryptor = PaillierEncryptor::make(key.public_key()).value();
  write(folder + "/number.json", to_json(PaillierNumber{encryptor.encrypt(kNumber, bits), 0}));
  return 0;
}

Answer elgamal(double seconds) {
  SystemBits bits = SystemBits::open().value();
  const auto dealing = Dealing::draw({"bench", 2, 2}, 1, bits).value();
  const auto encryptor = ElGamalEncryptor::make(dealing.opening().commitments()[0]).value();
  return {kNumber, rate(seconds, 1, [&] { encryptor.encrypt(kNumber, bits); })};
}

/// Many numbers that are at most the bound.
Answer decrypt_batch(const PaillierPrivateKey& key, std::int64_t bound, double seconds,
                     BitSource& bits) {
  const std::size_t full = PaillierPacking::make({key.public_key().bits(), bound, 1})->capacity();
  const auto encryptor = PaillierEncryptor::make(key.public_key()).value();
  std::vector<PaillierCiphertext> ciphertexts;
  while (ciphertexts.size() < 2 * full) ciphertexts.push_back(encryptor.encrypt(kNumber, bits));
  const auto read = [&] { return key.decrypt_batch(ciphertexts, bound, bits).value().back(); };
  return {read().value(), rate(seconds, static_cast<double>(ciphertexts.size()), read)};
}

Answer paillier(std::string_view task, double seconds, const std::string& folder) {
  SystemBits bits = SystemBits::open().value();
  const auto key = read_paillier_private_key(Secret(contents(folder + "/private.json"))).value();
  const auto number =
      read_paillier_number(key.public_key(), contents(folder + "/number.json")).value();
  const auto read = [&](const PaillierCiphertext& ciphertext) {
    return key.decrypt(ciphertext).value().number().value();
  };
  if (task == "decrypt_31") return decrypt_batch(key, (std::int64_t{1} << 31) - 1, seconds, bits);
  if (task == "decrypt_61") return decrypt_batch(key, (std::int64_t{1} << 61) - 1, seconds, bits);
  if (task == "decrypt")
    return {read(number.ciphertext), rate(seconds, 1, [&] { read(number.ciphertext); })};

  const bool plain = task == "encrypt_plain";
  const auto encryptor =
      PaillierEncryptor::make(plain ? PaillierPublicKey::make(key.public_key().modulus()).value()
                                    : key.public_key())
          .value();
  const std::int64_t sample = read(encryptor.encrypt(kNumber, bits));
  if (task == "encrypt" || plain)
    return {sample, rate(seconds, 1, [&] { encryptor.encrypt(kNumber, bits); })};

  // Values up to 10^9 of 1,000 parties: 41 bits each.
  const auto packing =
      PaillierPacking::make({key.public_key().bits(), 1'000'000'000, 1000}).value();
  const std::vector<std::int64_t> values(packing.capacity(), kNumber);
  const auto numbers = static_cast<double>(values.size());
  const auto packed = [&] { return encryptor.encrypt(packing.pack(values).value(), bits).value(); };
  const auto unpacked = [&](const PaillierCiphertext& ciphertext) {
    return packing.unpack(key.decrypt(ciphertext).value()).value();
  };
  const auto ciphertext = packed();
  const std::int64_t last = unpacked(ciphertext).back();
  if (task == "encrypt_packed") return {last, rate(seconds, numbers, packed)};
  return {last, rate(seconds, numbers, [&] { unpacked(ciphertext); })};
}

}  // namespace
}  // namespace sfumato

int main(int count, char** words) {
  if (count < 4) return 2;
  const std::string_view task = words[1];
  if (task == "key") return sfumato::make_key(words[3]);
  const double seconds = std::atof(words[2]);
  const auto [sample, rate] =
      task == "elgamal" ? sfumato::elgamal(seconds) : sfumato::paillier(task, seconds, words[3]);
  std::printf("{\"rate\": %f, \"sample\": %lld}\n", rate, static_cast<long long>(sample));
}
