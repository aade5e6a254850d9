#include "sfumato/homomorphic/partial_decryption.h"

#include <algorithm>
#include <bitset>

#include "homomorphic/lagrange.h"
#include "homomorphic/logarithms.h"
#include "homomorphic/point_sum.h"

namespace sfumato {
namespace {

Transcript statement_of(const ThresholdKey& key, std::uint8_t party,
                        std::span<const ElGamalCiphertext> ciphertexts,
                        std::span<const CurvePoint> points, std::string_view context) {
  Transcript statement("partial decryptions");
  statement.add(key.digest()).add(context).add(party).add(key.share_point(party));
  for (std::size_t i = 0; i < ciphertexts.size(); ++i)
    statement.add(ciphertexts[i].ephemeral).add(ciphertexts[i].masked).add(points[i]);
  return statement;
}

/// Sums of all bases and of all images, by factors that come after all of them: if each image is x times its
/// base, so are the sums, and if one is not, they are not either, but with odds of 2^-128.
struct Sums {
  Sums(const Transcript& statement, std::span<const ElGamalCiphertext> ciphertexts,
       std::span<const CurvePoint> points, BN_CTX* context) {
    const std::vector<uint128> factors = statement.factors(points.size());
    std::vector<const CurvePoint*> bases, images;
    for (std::size_t i = 0; i < points.size(); ++i) {
      bases.push_back(&ciphertexts[i].ephemeral);
      images.push_back(&points[i]);
    }
    base = weighted_sum(bases, factors, context);
    image = weighted_sum(images, factors, context);
  }

  Owned<EC_POINT> base, image;
};

/// mG of each ciphertext, from right parts: none at infinity.
std::vector<std::optional<CurvePoint>> opened(std::span<const ElGamalCiphertext> ciphertexts,
                                              std::span<const PartialDecryptions> parts) {
  const Owned<BN_CTX> context = new_context();
  std::vector<std::uint8_t> parties;
  for (const PartialDecryptions& part : parts) parties.push_back(part.party);
  const Lagrange lagrange(parties, context.get());
  std::vector<std::optional<CurvePoint>> points;
  for (std::size_t i = 0; i < ciphertexts.size(); ++i) {
    std::vector<Owned<EC_POINT>> values;
    for (const PartialDecryptions& part : parts)
      values.push_back(point_of(part.points[i], context.get()));
    const Owned<EC_POINT> mask = lagrange.at_zero(values, context.get());
    must(EC_POINT_invert(p256(), mask.get(), context.get()) == 1 &&
         EC_POINT_add(p256(), mask.get(), mask.get(),
                      point_of(ciphertexts[i].masked, context.get()).get(), context.get()) == 1);
    points.push_back(affine(mask.get(), context.get()));
  }
  return points;
}

}  // namespace

Result<PartialDecryptions> PartialDecryptions::parse(std::string_view bytes, std::size_t numbers) {
  const Error wrong{
      Errc::malformed, "partial decryptions",
      "must be a party, as many points of P-256 as the numbers, and two numbers below "
      "its order"};
  constexpr std::size_t kOne = CurvePoint::kBytes;
  if (numbers == 0 || bytes.size() / kOne < numbers ||
      bytes.size() != 1 + numbers * kOne + LogarithmProof::kBytes || bytes.front() == 0)
    return wrong;
  const auto proof = LogarithmProof::parse(bytes.substr(1 + numbers * kOne));
  if (!proof) return wrong;
  PartialDecryptions parts{static_cast<std::uint8_t>(bytes.front()), {}, *proof};
  parts.points.reserve(numbers);
  for (std::size_t i = 0; i < numbers; ++i) {
    Result<CurvePoint> point = CurvePoint::parse(bytes.substr(1 + i * kOne, kOne));
    if (!point) return wrong;
    parts.points.push_back(*std::move(point));
  }
  return parts;
}

std::string PartialDecryptions::bytes() const {
  std::string bytes(1, static_cast<char>(party));
  for (const CurvePoint& point : points) bytes += point.bytes();
  return bytes += proof.bytes();
}

Result<PartialDecryptions> decrypt_partially(const ThresholdKey& key, const KeyShare& share,
                                             std::span<const ElGamalCiphertext> ciphertexts,
                                             std::string_view context, BitSource& bits) {
  if (share.key_digest() != key.digest())
    return Error{Errc::refused, "key share", "must be one of this key"};
  if (ciphertexts.empty())
    return Error{Errc::invalid_parameter, "ciphertexts", "must be one at least"};
  const Owned<BN_CTX> scratch = new_context();
  const Owned<BIGNUM> x = scalar_of(share.scalar());
  must(x != nullptr);
  PartialDecryptions parts{share.party(), {}, {}};
  for (const ElGamalCiphertext& ciphertext : ciphertexts) {
    const Owned<EC_POINT> base = point_of(ciphertext.ephemeral, scratch.get());
    parts.points.push_back(
        affine_sure(multiple(x.get(), base.get(), scratch.get()).get(), scratch.get()));
  }
  const Transcript statement = statement_of(key, share.party(), ciphertexts, parts.points, context);
  const Sums sums(statement, ciphertexts, parts.points, scratch.get());
  const Multiple known[] = {{nullptr, nullptr}, {sums.base.get(), nullptr}};
  parts.proof = prove_logarithm(statement, x.get(), known, bits, scratch.get());
  return parts;
}

bool is_right(const PartialDecryptions& parts, const ThresholdKey& key,
              std::span<const ElGamalCiphertext> ciphertexts, std::string_view context) {
  if (parts.party < 1 || parts.party > key.terms().parties) return false;
  if (ciphertexts.empty() || parts.points.size() != ciphertexts.size()) return false;
  const Owned<BN_CTX> scratch = new_context();
  const Transcript statement = statement_of(key, parts.party, ciphertexts, parts.points, context);
  const Sums sums(statement, ciphertexts, parts.points, scratch.get());
  const Owned<EC_POINT> share_point = point_of(key.share_point(parts.party), scratch.get());
  const Multiple claimed[] = {{nullptr, share_point.get()}, {sums.base.get(), sums.image.get()}};
  return proves_logarithm(parts.proof, statement, claimed, scratch.get());
}

Result<ElGamalPlaintexts> combine(const ThresholdKey& key,
                                  std::span<const ElGamalCiphertext> ciphertexts,
                                  std::string_view context,
                                  std::span<const PartialDecryptions> parts,
                                  const DiscreteLogarithm& logarithm) {
  std::bitset<256> seen;
  std::vector<PartialDecryptions> right;
  ElGamalPlaintexts plaintexts;
  std::string names;
  for (const PartialDecryptions& part : parts) {
    if (seen[part.party])
      return Error{Errc::invalid_parameter, "partial decryptions", "must be one of each party"};
    seen[part.party] = true;
    if (is_right(part, key, ciphertexts, context)) {
      right.push_back(part);
    } else {
      plaintexts.wrong.push_back(part.party);
      names += (names.empty() ? "" : ", ") + std::to_string(part.party);
    }
  }
  const std::size_t threshold = key.terms().threshold;
  if (right.size() < threshold)
    return Error{Errc::refused, "partial decryptions",
                 "must be " + std::to_string(threshold) + " right ones of these ciphertexts, are " +
                     std::to_string(right.size()) +
                     (names.empty() ? "" : "; wrong are those of party " + names)};
  for (const auto& point : opened(ciphertexts, std::span(right).first(threshold))) {
    const std::optional<std::int64_t> number = logarithm.of(point);
    if (!number)
      return Error{Errc::refused, "ciphertexts",
                   "must hold numbers within ±" + std::to_string(logarithm.bound())};
    plaintexts.numbers.push_back(*number);
  }
  return plaintexts;
}

}  // namespace sfumato
