#include "sfumato/homomorphic/paillier.h"

#include <openssl/err.h>

#include <algorithm>
#include <array>

#include "homomorphic/paillier_numbers.h"
#include "random/wipe.h"
#include "sfumato/base/dyadic.h"

namespace sfumato {
namespace {

using WordList = std::vector<std::uint64_t>;

void wipe_words(WordList& words) noexcept {
  wipe(words.data(), words.size() * sizeof(std::uint64_t));
}

/// 1 + (m + middle)·n for a number m of at most a third of n: (1 + n)^(m + middle), as long as n² whatever m
/// is, by one course.
Owned<BIGNUM> raised_generator(const PaillierNumbers& key, const PaillierPlaintext& plaintext) {
  const auto given = plaintext.words();
  const std::uint64_t sign = 0 - (given.back() >> 63);
  WordList exponent(key.words), product(2 * key.words);
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < key.words; ++i) {
    const uint128 sum = uint128{i < given.size() ? given[i] : sign} + key.middle_words[i] + carry;
    exponent[i] = static_cast<std::uint64_t>(sum);
    carry = static_cast<std::uint64_t>(sum >> 64);
  }
  product[0] = 1;
  for (std::size_t i = 0; i < key.words; ++i) {
    uint128 sum = 0;
    for (std::size_t j = 0; j < key.words; ++j) {
      sum += uint128{exponent[i]} * key.n_words[j] + product[i + j];
      product[i + j] = static_cast<std::uint64_t>(sum);
      sum >>= 64;
    }
    product[i + key.words] = static_cast<std::uint64_t>(sum);
  }
  Owned<BIGNUM> raised = new_number();
  read_words(product, raised.get());
  wipe_words(exponent), wipe_words(product);
  return raised;
}

Owned<BIGNUM> draw_below(const PaillierNumbers& key, BitSource& bits) {
  WordList words(key.words);
  Owned<BIGNUM> drawn = new_number();
  do {
    for (std::uint64_t& word : words) word = bits.next();
    read_words(words, drawn.get());
  } while (BN_is_zero(drawn.get()) || BN_cmp(drawn.get(), key.n.get()) >= 0);
  wipe_words(words);
  BN_set_flags(drawn.get(), BN_FLG_CONSTTIME);
  return drawn;
}

/// r^n mod n².
Owned<BIGNUM> nth_power(const PaillierNumbers& key, const BIGNUM* r, BN_CTX* context) {
  Owned<BIGNUM> power = new_number();
  must(BN_mod_exp_mont_consttime(power.get(), r, key.n.get(), key.square.get(), context,
                                 key.modulus.get()) == 1);
  return power;
}

/// Whether it has no factor of n; for numbers that everybody may see.
bool is_unit(const BIGNUM* number, const BIGNUM* n, BN_CTX* context) {
  const Owned<BIGNUM> inverse = new_number();
  ERR_set_mark();
  const bool is = BN_mod_inverse(inverse.get(), number, n, context) != nullptr;
  ERR_pop_to_mark();
  return is;
}

Error bad_modulus(std::string_view what) {
  return {Errc::malformed, "Paillier modulus", std::string(what)};
}

}  // namespace

void reduce_product(BIGNUM* product, const BIGNUM* a, const BIGNUM* b, const BN_MONT_CTX* modulus,
                    BN_CTX* context) {
  must(BN_mod_mul_montgomery(product, a, b, const_cast<BN_MONT_CTX*>(modulus), context) == 1);
}

void into_form(BIGNUM* number, const BN_MONT_CTX* modulus, BN_CTX* context) {
  must(BN_to_montgomery(number, number, const_cast<BN_MONT_CTX*>(modulus), context) == 1);
}

Result<PaillierPublicKey> PaillierPublicKey::make(std::string_view modulus, std::string_view base) {
  if (modulus.size() > kMostBits / 8 + 1 || base.size() > kMostBits / 8 + 1)
    return bad_modulus("must have from 2,048 to 8,192 bits");
  const Owned<BN_CTX> context = new_context();
  PaillierNumbers made{};
  made.n = number_of(modulus);
  const auto bits = static_cast<unsigned>(BN_num_bits(made.n.get()));
  if (bits < kLeastBits || bits > kMostBits || bits % 64 != 0)
    return bad_modulus("must have from 2,048 to 8,192 bits, a multiple of 64");
  if (!BN_is_odd(made.n.get()) || BN_check_prime(made.n.get(), context.get(), nullptr) != 0)
    return bad_modulus("must be the product of two odd primes");
  if (!base.empty()) {
    made.base = number_of(base);
    const Owned<BIGNUM> last = owned(BN_dup(made.n.get()));
    must(BN_sub_word(last.get(), 1) == 1);
    // The symbol is 0 for 0 and for what has a factor of n.
    if (BN_is_one(made.base.get()) || BN_cmp(made.base.get(), last.get()) >= 0 ||
        BN_kronecker(made.base.get(), made.n.get(), context.get()) != 1)
      return Error{Errc::malformed, "Paillier base",
                   "must be a number of Jacobi symbol 1 between 1 and the modulus less 1"};
  }
  made.words = bits / 64;
  made.square = new_number(), made.take_middle = new_number();
  const Owned<BIGNUM> middle = new_number();
  must(BN_sqr(made.square.get(), made.n.get(), context.get()) == 1 &&
       BN_rshift1(middle.get(), made.n.get()) == 1 &&
       BN_mul(made.take_middle.get(), middle.get(), made.n.get(), context.get()) == 1 &&
       BN_sub(made.take_middle.get(), made.square.get(), made.take_middle.get()) == 1 &&
       BN_add_word(made.take_middle.get(), 1) == 1);
  made.modulus = montgomery(made.square.get(), context.get());
  into_form(made.take_middle.get(), made.modulus.get(), context.get());
  made.n_words = words_of(made.n.get(), made.words);
  made.middle_words = words_of(middle.get(), made.words);
  return PaillierPublicKey(std::make_shared<const PaillierNumbers>(std::move(made)));
}

unsigned PaillierPublicKey::bits() const noexcept {
  return static_cast<unsigned>(64 * numbers_->words);
}

std::string PaillierPublicKey::modulus() const {
  return bytes_of(numbers_->n.get(), 8 * numbers_->words);
}

std::string PaillierPublicKey::base() const {
  return numbers_->base ? bytes_of(numbers_->base.get(), 8 * numbers_->words) : "";
}

Result<PaillierCiphertext> PaillierPublicKey::ciphertext(std::string_view bytes) const {
  const Error wrong{Errc::malformed, "Paillier ciphertext",
                    "must be " + std::to_string(16 * numbers_->words) +
                        " bytes, a number below the modulus' square that has no factor of it"};
  if (bytes.size() != 16 * numbers_->words) return wrong;
  const Owned<BIGNUM> number = number_of(bytes);
  if (BN_is_zero(number.get()) || BN_cmp(number.get(), numbers_->square.get()) >= 0 ||
      !is_unit(number.get(), numbers_->n.get(), new_context().get()))
    return wrong;
  return PaillierAccess::made(*numbers_, number.get());
}

PaillierCiphertext PaillierPublicKey::sum(const PaillierCiphertext& one,
                                          const PaillierCiphertext& other) const {
  const Owned<BN_CTX> context = new_context();
  const Owned<BIGNUM> product = number_of(one.bytes());
  must(BN_mod_mul(product.get(), product.get(), number_of(other.bytes()).get(),
                  numbers_->square.get(), context.get()) == 1);
  return PaillierAccess::made(*numbers_, product.get());
}

PaillierCiphertext PaillierPublicKey::multiple(const PaillierCiphertext& of,
                                               std::int64_t factor) const {
  const Owned<BN_CTX> context = new_context();
  const Owned<BIGNUM> power = number_of(of.bytes()), exponent = new_number();
  const auto size = static_cast<std::uint64_t>(factor);
  read_words(std::array{factor < 0 ? 0 - size : size}, exponent.get());
  if (factor < 0)
    must(BN_mod_inverse(power.get(), power.get(), numbers_->square.get(), context.get()) !=
         nullptr);
  must(BN_mod_exp_mont(power.get(), power.get(), exponent.get(), numbers_->square.get(),
                       context.get(), numbers_->modulus.get()) == 1);
  return PaillierAccess::made(*numbers_, power.get());
}

std::size_t PaillierAccess::units_first(const PaillierNumbers& numbers,
                                        const std::vector<Owned<BIGNUM>>& candidates) {
  const Owned<BN_CTX> context = new_context();
  const Owned<BIGNUM> product = new_number();
  must(BN_one(product.get()) == 1);
  for (const Owned<BIGNUM>& one : candidates)
    must(BN_mod_mul(product.get(), product.get(), one.get(), numbers.n.get(), context.get()) == 1);
  if (is_unit(product.get(), numbers.n.get(), context.get())) return candidates.size();
  const auto wrong = std::ranges::find_if_not(candidates, [&](const Owned<BIGNUM>& one) {
    return is_unit(one.get(), numbers.n.get(), context.get());
  });
  return static_cast<std::size_t>(wrong - candidates.begin());
}

PaillierCiphertext PaillierAccess::encrypt_with(const PaillierPublicKey& key,
                                                const PaillierPlaintext& plaintext,
                                                const BIGNUM* r) {
  const auto& numbers = *key.numbers_;
  const Owned<BN_CTX> context = new_context();
  const Owned<BIGNUM> power = nth_power(numbers, r, context.get());
  const BN_MONT_CTX* const modulus = numbers.modulus.get();
  into_form(power.get(), modulus, context.get());
  reduce_product(power.get(), power.get(), numbers.take_middle.get(), modulus, context.get());
  reduce_product(power.get(), power.get(), raised_generator(numbers, plaintext).get(), modulus,
                 context.get());
  return made(numbers, power.get());
}

// The powers h^(n·j·16^i) of a base h in Montgomery's form, for j below 16: one product for each four bits of
// an exponent, and no squares. Those of i = 0 have (1 + n)^-middle as a factor.
struct PaillierEncryptor::Tables {
  static constexpr std::size_t kEntries = 16;

  PaillierPublicKey key;
  std::size_t windows = 0;  // none where the key has no base
  WordList powers;

  std::size_t size() const { return 2 * PaillierAccess::numbers(key).words; }
  std::size_t exponent_words() const { return windows / 16; }

  void fill(BN_CTX* context);

  /// One of the entries of a window, by looking at all.
  void pick(std::size_t window, std::uint64_t entry, WordList& into) const noexcept;

  /// (1 + n)^-middle h^(nα) in Montgomery's form, for a random α of half the bits of n, or r^n for a random r.
  Owned<BIGNUM> mask(BitSource& bits, BN_CTX* context) const;
};

void PaillierEncryptor::Tables::fill(BN_CTX* context) {
  const auto& numbers = PaillierAccess::numbers(key);
  const BN_MONT_CTX* const modulus = numbers.modulus.get();
  windows = 16 * ((numbers.words + 1) / 2);
  powers.resize(windows * kEntries * size());
  const Owned<BIGNUM> step = nth_power(numbers, numbers.base.get(), context);
  into_form(step.get(), modulus, context);
  Owned<BIGNUM> first = new_number();
  must(BN_one(first.get()) == 1);
  into_form(first.get(), modulus, context);
  for (std::size_t window = 0; window < windows; ++window) {
    const Owned<BIGNUM> power =
        owned(BN_dup(window == 0 ? numbers.take_middle.get() : first.get()));
    const Owned<BIGNUM> sixteenth = owned(BN_dup(first.get()));
    for (std::size_t entry = 0; entry < kEntries; ++entry) {
      const WordList words = words_of(power.get(), size());
      std::ranges::copy(words, powers.begin() + static_cast<std::ptrdiff_t>(
                                                    (window * kEntries + entry) * size()));
      reduce_product(power.get(), power.get(), step.get(), modulus, context);
      reduce_product(sixteenth.get(), sixteenth.get(), step.get(), modulus, context);
    }
    must(BN_copy(step.get(), sixteenth.get()) != nullptr);
  }
}

void PaillierEncryptor::Tables::pick(std::size_t window, std::uint64_t entry,
                                     WordList& into) const noexcept {
  const std::uint64_t* from = powers.data() + window * kEntries * size();
  for (std::uint64_t& word : into) word = 0;
  for (std::uint64_t i = 0; i < kEntries; ++i, from += size()) {
    const std::uint64_t mask = 0 - (((i ^ entry) - 1) >> 63);  // all ones where they are equal
    for (std::size_t j = 0; j < into.size(); ++j) into[j] |= from[j] & mask;
  }
}

Owned<BIGNUM> PaillierEncryptor::Tables::mask(BitSource& bits, BN_CTX* context) const {
  const auto& numbers = PaillierAccess::numbers(key);
  const BN_MONT_CTX* const modulus = numbers.modulus.get();
  if (windows == 0) {
    Owned<BIGNUM> power = nth_power(numbers, draw_below(numbers, bits).get(), context);
    into_form(power.get(), modulus, context);
    reduce_product(power.get(), power.get(), numbers.take_middle.get(), modulus, context);
    return power;
  }
  WordList exponent(exponent_words()), picked(size());
  for (std::uint64_t& word : exponent) word = bits.next();
  Owned<BIGNUM> product = new_number();
  const Owned<BIGNUM> factor = new_number();
  for (std::size_t window = 0; window < windows; ++window) {
    pick(window, exponent[window / 16] >> 4 * (window % 16) & (kEntries - 1), picked);
    read_words(picked, window == 0 ? product.get() : factor.get());
    if (window != 0) reduce_product(product.get(), product.get(), factor.get(), modulus, context);
  }
  wipe_words(exponent), wipe_words(picked);
  return product;
}

Result<PaillierEncryptor> PaillierEncryptor::make(const PaillierPublicKey& key) {
  auto tables = std::make_shared<Tables>(Tables{key, 0, {}});
  if (PaillierAccess::numbers(key).base) tables->fill(new_context().get());
  return PaillierEncryptor(std::move(tables));
}

PaillierCiphertext PaillierEncryptor::encrypt(std::int64_t number, BitSource& bits) const {
  return *encrypt(PaillierPlaintext(number), bits);
}

Result<PaillierCiphertext> PaillierEncryptor::encrypt(const PaillierPlaintext& plaintext,
                                                      BitSource& bits) const {
  const auto& numbers = PaillierAccess::numbers(tables_->key);
  const auto words = plaintext.words();
  const std::uint64_t top = words.back() >> 61;
  if (words.size() > numbers.words || (words.size() == numbers.words && top != 0 && top != 7))
    return Error{Errc::invalid_parameter, "plaintext", "must be one that was made for this key"};
  const Owned<BN_CTX> context = new_context();
  const Owned<BIGNUM> product = tables_->mask(bits, context.get());
  reduce_product(product.get(), product.get(), raised_generator(numbers, plaintext).get(),
                 numbers.modulus.get(), context.get());
  return PaillierAccess::made(numbers, product.get());
}

PaillierCiphertext PaillierEncryptor::rerandomise(const PaillierCiphertext& ciphertext,
                                                  BitSource& bits) const {
  return tables_->key.sum(ciphertext, encrypt(0, bits));
}

}  // namespace sfumato
