#include "random/erasing_keystream.h"

#include <openssl/rand.h>
#include <unistd.h>

#include <cstdlib>

#include "random/wipe.h"

namespace sfumato {
namespace {

/// A cipher that failed would leave words that can be guessed.
void require(bool done) noexcept {
  if (!done) std::abort();
}

void encrypt(EVP_CIPHER_CTX* context, unsigned char* bytes, std::size_t count) noexcept {
  int written = 0;
  require(EVP_EncryptUpdate(context, bytes, &written, bytes, static_cast<int>(count)) == 1);
  require(static_cast<std::size_t>(written) == count);
}

/// Without a counter, the old one goes on: that costs half as much.
void rekey(EVP_CIPHER_CTX* context, const unsigned char* key,
           const unsigned char* counter) noexcept {
  require(EVP_EncryptInit_ex2(context, nullptr, key, counter, nullptr) == 1);
}

void add(Seed& seed, const Seed& other) noexcept {
  for (std::size_t i = 0; i < seed.size(); ++i)
    seed[i] = static_cast<unsigned char>(seed[i] ^ other[i]);
}

void store(std::uint64_t value, unsigned char* bytes) noexcept {
  for (int i = 0; i < 8; ++i) bytes[i] = static_cast<unsigned char>(value >> (8 * i));
}

}  // namespace

// Padding stays as it is: only an EncryptFinal would add any, and a context that was told not to pad is
// told so again at each key, which costs as much as the key itself.
ErasingKeystream::Cipher ErasingKeystream::keyed_with_zeros(const EVP_CIPHER* cipher) noexcept {
  Cipher context(EVP_CIPHER_CTX_new());
  const Seed zeros{};
  if (!context) return nullptr;
  if (EVP_EncryptInit_ex(context.get(), cipher, nullptr, zeros.data(), zeros.data()) != 1)
    return nullptr;
  return context;
}

ErasingKeystream::ErasingKeystream() noexcept
    : stream_(keyed_with_zeros(EVP_aes_256_ctr())),
      extensions_(keyed_with_zeros(EVP_aes_256_ecb())) {}

void ErasingKeystream::mix(Seed& fresh) noexcept {
  Seed next{};
  encrypt(stream_.get(), next.data(), next.size());
  add(next, fresh);
  wipe(fresh.data(), fresh.size());
  rekey(stream_.get(), next.data(), next.data() + sizeof(Key));
  wipe(next.data(), next.size());
}

void ErasingKeystream::fill(KeyedPage& page) noexcept {
  page.next = {};
  page.extension_key = {};
  encrypt(stream_.get(), reinterpret_cast<unsigned char*>(&page), sizeof page);
  rekey(stream_.get(), page.next.data(), nullptr);
  wipe(page.next.data(), page.next.size());
  if (extensions_keyed_) key_extensions(page);  // or the last page's key would live on
}

void ErasingKeystream::key_extensions(const KeyedPage& page) noexcept {
  rekey(extensions_.get(), page.extension_key.data(), nullptr);
  extensions_keyed_ = true;
}

std::uint64_t ErasingKeystream::extension(const KeyedPage& page, std::uint64_t address,
                                          std::uint32_t level) noexcept {
  if (!extensions_keyed_) key_extensions(page);
  unsigned char block[16];
  store(address, block);
  store(level, block + 8);
  encrypt(extensions_.get(), block, sizeof block);

  std::uint64_t bits = 0;
  for (int i = 7; i >= 0; --i) bits = bits << 8 | block[i];
  wipe(block, sizeof block);
  return bits;
}

bool draw_entropy(Seed& seed) noexcept {
  // OpenSSL's own generator is seeded by process id and by time: it answers the same in two copies
  // of a virtual machine, and in two processes of one id. The kernel's is not deceived by that.
  Seed kernel{};
  const bool drawn = RAND_priv_bytes(seed.data(), static_cast<int>(seed.size())) == 1 &&
                     getentropy(kernel.data(), kernel.size()) == 0;
  add(seed, kernel);
  wipe(kernel.data(), kernel.size());
  return drawn;
}

}  // namespace sfumato
