// ask_ciphers TASK SECONDS [openssl]: how many values a second we encrypt, or OpenSSL does one at a
// time, and one of the answers. See bench/peers/ciphers.py.
#include <openssl/evp.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "rate.h"
#include "sfumato/base/hexadecimal.h"
#include "sfumato/deid/cmac.h"
#include "sfumato/deid/ff1.h"
#include "sfumato/deid/siv.h"
#include "sfumato/keys/hmac.h"

namespace sfumato {
namespace {

constexpr std::size_t kBatch = 1024;
constexpr std::string_view kText = "0123456789abcdef";

struct Answer {
  std::string sample;
  double rate;
};

Secret key_of(std::size_t size) {
  Secret key(size);
  for (std::size_t i = 0; i < size; ++i) key.bytes()[i] = static_cast<unsigned char>(i);
  return key;
}

Answer ff1(double seconds) {
  const Secret key = key_of(32);
  Ff1 ff1 = Ff1::make({.key = key, .radix = 10, .tweak = "0011223"}).value();
  std::vector<std::uint8_t> texts(16 * kBatch);
  for (std::size_t i = 0; i < texts.size(); ++i) texts[i] = static_cast<std::uint8_t>(i % 16 % 10);
  ff1.encrypt(texts, 16).value();
  std::string sample;
  for (std::size_t i = 0; i < 16; ++i) sample += static_cast<char>('0' + texts[i]);
  return {sample, rate(seconds, kBatch, [&] { ff1.encrypt(texts, 16).value(); })};
}

Answer siv(double seconds) {
  const std::string_view associated[] = {"patients"};
  const Siv siv = Siv::make(key_of(64), associated).value();
  const std::vector<std::string_view> texts(kBatch, kText);
  std::string sealed;
  siv.seal(texts, sealed);
  const std::string sample = hexadecimal(sealed.substr(0, 32));
  return {sample, rate(seconds, kBatch, [&] { sealed.clear(), siv.seal(texts, sealed); })};
}

Answer cmac(double seconds) {
  const Cmac cmac = Cmac::make(key_of(32)).value();
  const std::vector<std::string_view> texts(kBatch, kText);
  std::vector<CmacTag> tags(kBatch);
  cmac.tags(texts, tags);
  return {hexadecimal({reinterpret_cast<const char*>(tags[0].data()), 16}),
          rate(seconds, kBatch, [&] { cmac.tags(texts, tags); })};
}

Answer hmac(double seconds) {
  const HmacSha256 hmac = HmacSha256::make(key_of(32)).value();
  HmacSha256::Tag tag = hmac.tag(kText);
  return {hexadecimal({reinterpret_cast<const char*>(tag.data()), tag.size()}),
          rate(seconds, kBatch, [&] {
            for (std::size_t i = 0; i < kBatch; ++i) tag = hmac.tag(kText);
          })};
}

/// AES-256-SIV as OpenSSL gives it, set anew by its key for each text.
Answer siv_by_openssl(double seconds) {
  const Secret key = key_of(64);
  EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-256-SIV", nullptr);
  EVP_CIPHER_CTX* const context = EVP_CIPHER_CTX_new();
  std::string out(32, '\0');
  const auto seal = [&] {
    const auto* const text = reinterpret_cast<const unsigned char*>(kText.data());
    const auto* const associated = reinterpret_cast<const unsigned char*>("patients");
    auto* const to = reinterpret_cast<unsigned char*>(out.data());
    int size = 0;
    EVP_EncryptInit_ex2(context, cipher, key.bytes().data(), nullptr, nullptr);
    EVP_EncryptUpdate(context, nullptr, &size, associated, 8);
    EVP_EncryptUpdate(context, to + 16, &size, text, 16);
    EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, 16, to);
  };
  seal();
  const std::string sample = hexadecimal(out);
  const double found = rate(seconds, kBatch, [&] {
    for (std::size_t i = 0; i < kBatch; ++i) seal();
  });
  EVP_CIPHER_CTX_free(context);
  EVP_CIPHER_free(cipher);
  return {sample, found};
}

Answer answer(std::string_view task, double seconds, bool by_openssl) {
  if (task == "ff1") return ff1(seconds);
  if (task == "siv") return by_openssl ? siv_by_openssl(seconds) : siv(seconds);
  return task == "cmac" ? cmac(seconds) : hmac(seconds);
}

}  // namespace
}  // namespace sfumato

int main(int count, char** words) {
  if (count < 3) return 2;
  const auto [sample, rate] = sfumato::answer(words[1], std::atof(words[2]), count > 3);
  std::printf("{\"rate\": %f, \"sample\": \"%s\"}\n", rate, sample.c_str());
}
