#include <algorithm>
#include <array>
#include <utility>

#include "homomorphic/paillier_primes.h"
#include "sfumato/base/dyadic.h"

namespace sfumato {
namespace {

using Ciphertexts = std::span<const PaillierCiphertext>;
using Factors = std::vector<std::uint64_t>;

/// Fewer than so many are decrypted one by one: a batch takes a power of its own, and one for its check.
constexpr std::size_t kFewest = 3;

/// A number modulo p² and q², in Montgomery's form.
struct Residues {
  Owned<BIGNUM> modulo_p, modulo_q;
};

/// Ciphertexts modulo the square of one prime, and their powers.
class Powers {
 public:
  Powers(const Half& half, Ciphertexts ciphertexts, BN_CTX* context)
      : half_(half), context_(context) {
    for (const PaillierCiphertext& ciphertext : ciphertexts) {
      of_.push_back(half.residue(number_of(ciphertext.bytes()).get(), context));
      into_form(of_.back().get(), half.square_modulus.get(), context);
    }
  }

  /// Π c_k^(2^(width·k)), by Horner's rule: of Σ m_k·2^(width·k).
  Owned<BIGNUM> packed(unsigned width) const {
    Owned<BIGNUM> product = owned(BN_dup(of_.back().get()));
    for (std::size_t k = of_.size() - 1; k-- > 0;) {
      for (unsigned i = 0; i < width; ++i) multiply(product.get(), product.get());
      multiply(product.get(), of_[k].get());
    }
    return product;
  }

  /// Π c_k^(factor k), bit by bit of all factors at once: of Σ m_k·(factor k).
  Owned<BIGNUM> combined(const Factors& factors) const {
    Owned<BIGNUM> product = new_number();
    must(BN_one(product.get()) == 1);
    into_form(product.get(), half_.square_modulus.get(), context_);
    for (unsigned bit = 64; bit-- > 0;) {
      multiply(product.get(), product.get());
      for (std::size_t k = 0; k < of_.size(); ++k)
        if ((factors[k] >> bit & 1) != 0) multiply(product.get(), of_[k].get());
    }
    return product;
  }

 private:
  void multiply(BIGNUM* product, const BIGNUM* by) const {
    reduce_product(product, product, by, half_.square_modulus.get(), context_);
  }

  const Half& half_;
  BN_CTX* context_;
  std::vector<Owned<BIGNUM>> of_;
};

/// Σ value·factor, of fewer than 2^64 products, in two's complement.
class SumOfProducts {
 public:
  void add(std::int64_t value, std::uint64_t factor) noexcept {
    const int128 product = int128{value} * static_cast<int128>(factor);
    add({{static_cast<std::uint64_t>(product), static_cast<std::uint64_t>(product >> 64),
          static_cast<std::uint64_t>(product >> 127)}});
  }
  void add(const SumOfProducts& other) noexcept { add(other.words_); }

  bool is(const PaillierPlaintext& number) const noexcept {
    const auto words = number.words();
    const std::uint64_t sign = 0 - (words_.back() >> 63);
    std::uint64_t apart = 0;
    for (std::size_t i = 0; i < words.size(); ++i)
      apart |= words[i] ^ (i < words_.size() ? words_[i] : sign);
    return apart == 0;
  }

 private:
  using Words = std::array<std::uint64_t, 3>;

  void add(const Words& words) noexcept {
    uint128 sum = 0;
    for (std::size_t i = 0; i < words_.size(); ++i) {
      sum += uint128{words_[i]} + words[i];
      words_[i] = static_cast<std::uint64_t>(sum);
      sum >>= 64;
    }
  }

  Words words_{};
};

/// Some ciphertexts that are decrypted together.
struct Batch {
  std::size_t begin;
  std::vector<std::int64_t> values;  // none where they have to be decrypted one by one
  Residues combination;              // of the sum of values, each by its factor
  SumOfProducts wanted;              // that sum, if the values are right
};

}  // namespace

/// Decrypts batches, and tells those of which a value is wrong.
class PaillierPrivateKey::Batches {
 public:
  Batches(const Primes& primes, const PaillierNumbers& numbers, const PaillierPacking& packing)
      : primes_(primes), numbers_(numbers), packing_(packing) {}

  void add(std::size_t begin, Ciphertexts ciphertexts, BitSource& bits) {
    Batch batch{begin, {}, {}, {}};
    if (ciphertexts.size() >= kFewest) decrypt(ciphertexts, bits, batch);
    batches_.push_back(std::move(batch));
  }

  /// All batches, without the values of those that are wrong, which are looked for if all together are.
  std::vector<Batch> checked() && {
    Residues all = one();
    SumOfProducts wanted;
    for (const Batch& batch : batches_) {
      if (batch.values.empty()) continue;
      multiply(all, batch.combination);
      wanted.add(batch.wanted);
    }
    if (!is(all, wanted))
      for (Batch& batch : batches_)
        if (!batch.values.empty() && !is(batch.combination, batch.wanted)) batch.values.clear();
    return std::move(batches_);
  }

 private:
  // The values are found before a factor is drawn: they don't hang on it.
  void decrypt(Ciphertexts ciphertexts, BitSource& bits, Batch& batch) {
    const Powers by_p(primes_.p, ciphertexts, context_.get()),
        by_q(primes_.q, ciphertexts, context_.get());
    const unsigned width = packing_.bits_per_value();
    const auto packed = plaintext({by_p.packed(width), by_q.packed(width)});
    if (!packed) return;
    auto values = packing_.unpack(*packed);
    if (!values) return;
    values->resize(ciphertexts.size());
    Factors factors(ciphertexts.size());
    for (std::size_t k = 0; k < factors.size(); ++k) {
      factors[k] = bits.next();
      batch.wanted.add((*values)[k], factors[k]);
    }
    batch.combination = {by_p.combined(factors), by_q.combined(factors)};
    batch.values = *std::move(values);
  }

  Residues one() const {
    Residues made{new_number(), new_number()};
    must(BN_one(made.modulo_p.get()) == 1 && BN_one(made.modulo_q.get()) == 1);
    into_form(made.modulo_p.get(), primes_.p.square_modulus.get(), context_.get());
    into_form(made.modulo_q.get(), primes_.q.square_modulus.get(), context_.get());
    return made;
  }

  void multiply(Residues& product, const Residues& by) const {
    reduce_product(product.modulo_p.get(), product.modulo_p.get(), by.modulo_p.get(),
                   primes_.p.square_modulus.get(), context_.get());
    reduce_product(product.modulo_q.get(), product.modulo_q.get(), by.modulo_q.get(),
                   primes_.q.square_modulus.get(), context_.get());
  }

  Result<PaillierPlaintext> plaintext(const Residues& of) const {
    const Owned<BIGNUM> modulo_p = new_number(), modulo_q = new_number();
    must(BN_from_montgomery(modulo_p.get(), of.modulo_p.get(), primes_.p.square_modulus.get(),
                            context_.get()) == 1 &&
         BN_from_montgomery(modulo_q.get(), of.modulo_q.get(), primes_.q.square_modulus.get(),
                            context_.get()) == 1);
    return primes_.plaintext(numbers_, modulo_p.get(), modulo_q.get(), context_.get());
  }

  bool is(const Residues& combination, const SumOfProducts& wanted) const {
    const auto found = plaintext(combination);
    return found && wanted.is(*found);
  }

  const Primes& primes_;
  const PaillierNumbers& numbers_;
  const PaillierPacking& packing_;
  Owned<BN_CTX> context_ = new_context();
  std::vector<Batch> batches_;
};

Result<std::vector<std::optional<std::int64_t>>> PaillierPrivateKey::decrypt_batch(
    Ciphertexts ciphertexts, std::int64_t bound, BitSource& bits) const {
  const auto packing = PaillierPacking::make({public_.bits(), bound, 1});
  if (!packing)
    return Error{Errc::invalid_parameter, "bound", "must be from 1 to 2^61 - 1 for a batch"};
  const auto& numbers = PaillierAccess::numbers(public_);
  for (const PaillierCiphertext& ciphertext : ciphertexts)
    if (ciphertext.bytes().size() != 16 * numbers.words)
      return Error{Errc::invalid_parameter, "Paillier ciphertext", "must be one of this key"};

  Batches batches(*primes_, numbers, *packing);
  const std::size_t most = packing->capacity();
  for (std::size_t begin = 0; begin < ciphertexts.size(); begin += most)
    batches.add(begin, ciphertexts.subspan(begin, std::min(most, ciphertexts.size() - begin)),
                bits);

  std::vector<std::optional<std::int64_t>> found;
  const auto alone = [&](const PaillierCiphertext& ciphertext) -> std::optional<std::int64_t> {
    const auto plaintext = decrypt(ciphertext);
    const auto number = plaintext ? plaintext->number() : std::nullopt;
    return number && *number >= -bound && *number <= bound ? number : std::nullopt;
  };
  for (const Batch& batch : std::move(batches).checked()) {
    if (!batch.values.empty())
      found.insert(found.end(), batch.values.begin(), batch.values.end());
    else
      for (std::size_t i = 0; i < most && batch.begin + i < ciphertexts.size(); ++i)
        found.push_back(alone(ciphertexts[batch.begin + i]));
  }
  return found;
}

}  // namespace sfumato
