#include "sfumato/homomorphic/partial_decryption.h"

#include <algorithm>
#include <bitset>

#include "homomorphic/logarithms.h"

namespace sfumato {
namespace {

Transcript statement_of(const ThresholdKey& key, std::uint8_t party,
                        const ElGamalCiphertext& ciphertext, const CurvePoint& part,
                        std::string_view context) {
  return Transcript("partial decryption")
      .add(key.digest())
      .add(context)
      .add(party)
      .add(key.share_point(party))
      .add(ciphertext.ephemeral)
      .add(ciphertext.masked)
      .add(part);
}

/// Π j / (j - i) over the other parties j: what the part of party i counts for in the value at 0.
Owned<BIGNUM> lagrange_at_zero(std::uint8_t party, std::span<const PartialDecryption> parts,
                               BN_CTX* context) {
  const Owned<BIGNUM> below = new_number(), factor = new_number();
  Owned<BIGNUM> above = new_number();
  must(BN_one(above.get()) == 1 && BN_one(below.get()) == 1);
  for (const PartialDecryption& part : parts) {
    if (part.party == party) continue;
    must(BN_mul_word(above.get(), part.party) == 1 &&
         BN_nnmod(above.get(), above.get(), order(), context) == 1);
    const int distance = int{part.party} - int{party};
    must(BN_set_word(factor.get(), static_cast<BN_ULONG>(std::abs(distance))) == 1);
    BN_set_negative(factor.get(), distance < 0);
    must(BN_mod_mul(below.get(), below.get(), factor.get(), order(), context) == 1);
  }
  must(BN_mod_inverse(below.get(), below.get(), order(), context) != nullptr &&
       BN_mod_mul(above.get(), above.get(), below.get(), order(), context) == 1);
  return above;
}

/// mG of a ciphertext, from right parts: none at infinity.
std::optional<CurvePoint> opened(const ElGamalCiphertext& ciphertext,
                                 std::span<const PartialDecryption> parts) {
  const Owned<BN_CTX> context = new_context();
  const Owned<EC_POINT> mask = new_point();
  must(EC_POINT_set_to_infinity(p256(), mask.get()) == 1);
  for (const PartialDecryption& part : parts) {
    const Owned<BIGNUM> weight = lagrange_at_zero(part.party, parts, context.get());
    const Owned<EC_POINT> point = point_of(part.point, context.get());
    must(EC_POINT_add(p256(), mask.get(), mask.get(),
                      multiple(weight.get(), point.get(), context.get()).get(),
                      context.get()) == 1);
  }
  must(EC_POINT_invert(p256(), mask.get(), context.get()) == 1 &&
       EC_POINT_add(p256(), mask.get(), mask.get(),
                    point_of(ciphertext.masked, context.get()).get(), context.get()) == 1);
  return affine(mask.get(), context.get());
}

}  // namespace

Result<PartialDecryption> PartialDecryption::parse(std::string_view bytes) {
  const Error wrong{Errc::malformed, "partial decryption",
                    "must be a party, a point of P-256 and two numbers below its order"};
  if (bytes.size() != kBytes || bytes.front() == 0) return wrong;
  Result<CurvePoint> point = CurvePoint::parse(bytes.substr(1, CurvePoint::kBytes));
  const auto proof = LogarithmProof::parse(bytes.substr(1 + CurvePoint::kBytes));
  if (!point || !proof) return wrong;
  return PartialDecryption{static_cast<std::uint8_t>(bytes.front()), *std::move(point), *proof};
}

std::string PartialDecryption::bytes() const {
  std::string bytes(1, static_cast<char>(party));
  bytes += point.bytes();
  return bytes + proof.bytes();
}

Result<PartialDecryption> decrypt_partially(const ThresholdKey& key, const KeyShare& share,
                                            const ElGamalCiphertext& ciphertext,
                                            std::string_view context, BitSource& bits) {
  if (share.key_digest() != key.digest())
    return Error{Errc::refused, "key share", "must be one of this key"};
  const Owned<BN_CTX> scratch = new_context();
  const Owned<BIGNUM> x = scalar_of(share.scalar());
  must(x != nullptr);
  const Owned<EC_POINT> base = point_of(ciphertext.ephemeral, scratch.get());
  const CurvePoint part =
      affine_sure(multiple(x.get(), base.get(), scratch.get()).get(), scratch.get());
  const Multiple known[] = {{nullptr, nullptr}, {base.get(), nullptr}};
  return PartialDecryption{
      share.party(), part,
      prove_logarithm(statement_of(key, share.party(), ciphertext, part, context), x.get(), known,
                      bits, scratch.get())};
}

bool is_right(const PartialDecryption& part, const ThresholdKey& key,
              const ElGamalCiphertext& ciphertext, std::string_view context) {
  if (part.party < 1 || part.party > key.terms().parties) return false;
  const Owned<BN_CTX> scratch = new_context();
  const Owned<EC_POINT> share_point = point_of(key.share_point(part.party), scratch.get());
  const Owned<EC_POINT> base = point_of(ciphertext.ephemeral, scratch.get());
  const Owned<EC_POINT> image = point_of(part.point, scratch.get());
  const Multiple claimed[] = {{nullptr, share_point.get()}, {base.get(), image.get()}};
  return proves_logarithm(part.proof,
                          statement_of(key, part.party, ciphertext, part.point, context), claimed,
                          scratch.get());
}

Result<ElGamalPlaintext> combine(const ThresholdKey& key, const ElGamalCiphertext& ciphertext,
                                 std::string_view context, std::span<const PartialDecryption> parts,
                                 const DiscreteLogarithm& logarithm) {
  std::bitset<256> seen;
  std::vector<PartialDecryption> right;
  std::vector<std::uint8_t> wrong;
  std::string names;
  for (const PartialDecryption& part : parts) {
    if (seen[part.party])
      return Error{Errc::invalid_parameter, "partial decryptions", "must be one of each party"};
    seen[part.party] = true;
    if (is_right(part, key, ciphertext, context)) {
      right.push_back(part);
    } else {
      wrong.push_back(part.party);
      names += (names.empty() ? "" : ", ") + std::to_string(part.party);
    }
  }
  const std::size_t threshold = key.terms().threshold;
  if (right.size() < threshold)
    return Error{Errc::refused, "partial decryptions",
                 "must be " + std::to_string(threshold) + " right ones of this ciphertext, are " +
                     std::to_string(right.size()) +
                     (wrong.empty() ? "" : "; wrong are those of party " + names)};
  const std::optional<std::int64_t> number =
      logarithm.of(opened(ciphertext, std::span(right).first(threshold)));
  if (!number)
    return Error{Errc::refused, "ciphertext",
                 "must hold a number within ±" + std::to_string(logarithm.bound())};
  return ElGamalPlaintext{*number, std::move(wrong)};
}

}  // namespace sfumato
