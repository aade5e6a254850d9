#include "sfumato/homomorphic/paillier_private_key.h"

#include <utility>

#include "homomorphic/paillier_primes.h"
#include "sfumato/base/dyadic.h"

namespace sfumato {
namespace {

Owned<BIGNUM> secret_number(const Secret& bytes) {
  Owned<BIGNUM> number = number_of(bytes.view());
  BN_set_flags(number.get(), BN_FLG_CONSTTIME);
  return number;
}

Owned<BIGNUM> one_less(const BIGNUM* number) {
  Owned<BIGNUM> less = owned(BN_dup(number));
  must(BN_sub_word(less.get(), 1) == 1);
  BN_set_flags(less.get(), BN_FLG_CONSTTIME);
  return less;
}

bool is_square_modulo(const BIGNUM* number, const BIGNUM* prime, BN_CTX* context) {
  return BN_kronecker(number, prime, context) == 1;
}

/// -x² mod n for a random x.
std::string draw_base(const BIGNUM* n, std::size_t size, BitSource& bits, BN_CTX* context) {
  std::vector<std::uint64_t> words(size / 8 + 1);  // 64 bits more than n: as good as uniform
  for (std::uint64_t& word : words) word = bits.next();
  const Owned<BIGNUM> x = new_number();
  read_words(words, x.get());
  must(BN_nnmod(x.get(), x.get(), n, context) == 1 &&
       BN_mod_sqr(x.get(), x.get(), n, context) == 1 && BN_sub(x.get(), n, x.get()) == 1);
  return bytes_of(x.get(), size);
}

Secret secret_bytes(const BIGNUM* number) {
  Secret bytes(static_cast<std::size_t>(BN_num_bytes(number)));
  must(BN_bn2bin(number, bytes.bytes().data()) > 0);
  return bytes;
}

Error bad_primes() {
  return {Errc::malformed, "Paillier primes",
          "must be two different primes of equal size, from 1,024 to 4,096 bits, and a multiple of "
          "32"};
}

}  // namespace

Half::Half(const BIGNUM* of, const BIGNUM* other, BN_CTX* context)
    : prime(owned(BN_dup(of))),
      less(one_less(of)),
      square(new_number()),
      weight(new_number()),
      add_middle(new_number()) {
  must(BN_sqr(square.get(), of, context) == 1);
  for (BIGNUM* const secret : {prime.get(), square.get(), weight.get(), add_middle.get()})
    BN_set_flags(secret, BN_FLG_CONSTTIME);
  modulus = montgomery(of, context);
  square_modulus = montgomery(square.get(), context);
  must(BN_mod_inverse(weight.get(), other, of, context) != nullptr &&
       BN_sub(weight.get(), of, weight.get()) == 1);
  into_form(weight.get(), modulus.get(), context);
  // 1 + (n - 1)/2·n modulo the square.
  const Owned<BIGNUM> n = new_number(), middle = new_number();
  must(BN_mul(n.get(), of, other, context) == 1 && BN_rshift1(middle.get(), n.get()) == 1 &&
       BN_mul(n.get(), n.get(), middle.get(), context) == 1 && BN_add_word(n.get(), 1) == 1 &&
       BN_mod(add_middle.get(), n.get(), square.get(), context) == 1);
  into_form(add_middle.get(), square_modulus.get(), context);
}

Owned<BIGNUM> Half::residue(const BIGNUM* ciphertext, BN_CTX* context) const {
  Owned<BIGNUM> left = new_number();
  BN_set_flags(left.get(), BN_FLG_CONSTTIME);
  must(BN_mod(left.get(), ciphertext, square.get(), context) == 1);
  return left;
}

// ((c^(p-1) mod p²) - 1)/p times the weight, modulo p.
Owned<BIGNUM> Half::plaintext(const BIGNUM* residue, BN_CTX* context) const {
  Owned<BIGNUM> power = new_number();
  BN_set_flags(power.get(), BN_FLG_CONSTTIME);
  reduce_product(power.get(), residue, add_middle.get(), square_modulus.get(), context);
  must(BN_mod_exp_mont_consttime(power.get(), power.get(), less.get(), square.get(), context,
                                 square_modulus.get()) == 1 &&
       BN_sub_word(power.get(), 1) == 1 &&
       BN_div(power.get(), nullptr, power.get(), prime.get(), context) == 1);
  reduce_product(power.get(), power.get(), weight.get(), modulus.get(), context);
  return power;
}

Result<PaillierPrivateKey> PaillierPrivateKey::generate(BitSource& bits, unsigned modulus_bits) {
  if (modulus_bits < 3072 || modulus_bits > PaillierPublicKey::kMostBits || modulus_bits % 128 != 0)
    return Error{Errc::invalid_parameter, "modulus",
                 "must have from 3,072 to 8,192 bits, a multiple of 128"};
  const Owned<BN_CTX> context = new_context();
  const Owned<BIGNUM> four = new_number(), three = new_number(), n = new_number(),
                      common = new_number();
  must(BN_set_word(four.get(), 4) == 1 && BN_set_word(three.get(), 3) == 1);
  const auto half = static_cast<int>(modulus_bits / 2);
  for (;;) {
    const Owned<BIGNUM> p = new_number(), q = new_number();
    for (BIGNUM* const prime : {p.get(), q.get()}) {
      BN_set_flags(prime, BN_FLG_CONSTTIME);
      must(BN_generate_prime_ex2(prime, half, 0, four.get(), three.get(), nullptr, context.get()) ==
           1);
    }
    must(BN_mul(n.get(), p.get(), q.get(), context.get()) == 1 &&
         BN_gcd(common.get(), one_less(p.get()).get(), one_less(q.get()).get(), context.get()) ==
             1);
    if (BN_num_bits(n.get()) != 2 * half || !BN_is_word(common.get(), 2)) continue;
    return make(secret_bytes(p.get()), secret_bytes(q.get()),
                draw_base(n.get(), modulus_bits / 8, bits, context.get()));
  }
}

Result<PaillierPrivateKey> PaillierPrivateKey::make(const Secret& p_bytes, const Secret& q_bytes,
                                                    std::string_view base) {
  const Owned<BN_CTX> context = new_context();
  if (p_bytes.bytes().size() > 1024 || q_bytes.bytes().size() > 1024) return bad_primes();
  Owned<BIGNUM> p = secret_number(p_bytes), q = secret_number(q_bytes);
  const int order = BN_cmp(p.get(), q.get());
  if (order < 0) std::swap(p, q);
  const int bits = BN_num_bits(p.get());
  if (order == 0 || bits != BN_num_bits(q.get()) || bits < 1024 || bits > 4096 || bits % 32 != 0 ||
      BN_check_prime(p.get(), context.get(), nullptr) != 1 ||
      BN_check_prime(q.get(), context.get(), nullptr) != 1)
    return bad_primes();
  const Owned<BIGNUM> n = new_number();
  must(BN_mul(n.get(), p.get(), q.get(), context.get()) == 1);
  auto key = PaillierPublicKey::make(bytes_of(n.get(), static_cast<std::size_t>(bits) / 4), base);
  if (!key) return std::move(key).error();
  if (!base.empty()) {
    const Owned<BIGNUM> opposite = number_of(base);
    must(BN_sub(opposite.get(), n.get(), opposite.get()) == 1);
    if (!is_square_modulo(opposite.get(), p.get(), context.get()) ||
        !is_square_modulo(opposite.get(), q.get(), context.get()))
      return Error{Errc::malformed, "Paillier base", "must be the opposite of a square"};
  }
  Owned<BIGNUM> q_inverse = new_number(), least = new_number(), most = new_number();
  const Owned<BIGNUM> third = new_number();
  must(BN_mod_inverse(q_inverse.get(), q.get(), p.get(), context.get()) != nullptr &&
       BN_rshift1(most.get(), n.get()) == 1 && BN_copy(third.get(), n.get()) != nullptr &&
       BN_div_word(third.get(), 3) != static_cast<BN_ULONG>(-1) &&
       BN_sub(least.get(), most.get(), third.get()) == 1 &&
       BN_add(most.get(), most.get(), third.get()) == 1);
  Half one(p.get(), q.get(), context.get()), other(q.get(), p.get(), context.get());
  BN_set_flags(q_inverse.get(), BN_FLG_CONSTTIME);
  into_form(q_inverse.get(), one.modulus.get(), context.get());
  return PaillierPrivateKey(
      *std::move(key),
      std::make_shared<const Primes>(Primes{secret_bytes(p.get()), secret_bytes(q.get()),
                                            std::move(one), std::move(other), std::move(q_inverse),
                                            std::move(least), std::move(most)}));
}

const Secret& PaillierPrivateKey::p() const noexcept {
  return primes_->p_bytes;
}
const Secret& PaillierPrivateKey::q() const noexcept {
  return primes_->q_bytes;
}

Result<PaillierPlaintext> PaillierPrivateKey::decrypt(const PaillierCiphertext& ciphertext) const {
  const auto& numbers = PaillierAccess::numbers(public_);
  if (ciphertext.bytes().size() != 16 * numbers.words)
    return Error{Errc::invalid_parameter, "Paillier ciphertext", "must be one of this key"};
  const Owned<BN_CTX> context = new_context();
  const Owned<BIGNUM> number = number_of(ciphertext.bytes());
  return primes_->plaintext(numbers, primes_->p.residue(number.get(), context.get()).get(),
                            primes_->q.residue(number.get(), context.get()).get(), context.get());
}

// Of middle + m rather than m, so that no number on the way is shorter for some m than for others.
Result<PaillierPlaintext> PaillierPrivateKey::Primes::plaintext(const PaillierNumbers& numbers,
                                                                const BIGNUM* modulo_p,
                                                                const BIGNUM* modulo_q,
                                                                BN_CTX* context) const {
  const Owned<BIGNUM> by_p = p.plaintext(modulo_p, context);
  const Owned<BIGNUM> by_q = q.plaintext(modulo_q, context);
  const Owned<BIGNUM> found = new_number();
  BN_set_flags(found.get(), BN_FLG_CONSTTIME);
  must(BN_mod_sub_quick(found.get(), by_p.get(), by_q.get(), p.prime.get()) == 1);
  reduce_product(found.get(), found.get(), q_inverse.get(), p.modulus.get(), context);
  must(BN_mul(found.get(), found.get(), q.prime.get(), context) == 1 &&
       BN_add(found.get(), found.get(), by_q.get()) == 1);
  if (BN_cmp(found.get(), least.get()) < 0 || BN_cmp(found.get(), most.get()) > 0)
    return Error{Errc::refused, "Paillier ciphertext",
                 "must hold a number within a third of the modulus"};
  std::vector<std::uint64_t> words = words_of(found.get(), numbers.words);
  std::uint64_t borrow = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const uint128 word = uint128{words[i]} - numbers.middle_words[i] - borrow;
    words[i] = static_cast<std::uint64_t>(word);
    borrow = static_cast<std::uint64_t>(word >> 64) & 1;
  }
  return PaillierPlaintext(std::move(words));
}

}  // namespace sfumato
