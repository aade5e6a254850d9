#define OPENSSL_SUPPRESS_DEPRECATED  // EC_GROUP_precompute_mult, for which there is nothing else
#include "sfumato/homomorphic/elgamal.h"

#include <array>
#include <utility>

#include "homomorphic/elgamal_access.h"
#include "random/wipe.h"

namespace sfumato {
namespace {

/// 2^127, which is added to each number and taken away again: so no multiple is the point at infinity, and
/// all have as many words.
Owned<BIGNUM> offset() {
  Owned<BIGNUM> number = new_number();
  must(BN_set_bit(number.get(), 127) == 1);
  return number;
}

Owned<BIGNUM> with_offset(std::int64_t number) {
  std::array<std::uint64_t, 2> words{
      static_cast<std::uint64_t>(number),
      static_cast<std::uint64_t>(number >> 63) + (std::uint64_t{1} << 63)};
  Owned<BIGNUM> sum = new_number();
  read_words(words, sum.get());
  wipe(words.data(), sizeof words);
  BN_set_flags(sum.get(), BN_FLG_CONSTTIME);
  return sum;
}

/// A group whose generator is the key, so that there are tables for it.
Owned<EC_GROUP> group_of(const EC_POINT* key, BN_CTX* context) {
  Owned<EC_GROUP> group = owned(EC_GROUP_dup(p256()));
  must(EC_GROUP_set_generator(group.get(), key, order(), EC_GROUP_get0_cofactor(p256())) == 1);
#if OPENSSL_VERSION_NUMBER < 0x40000000L
  must(EC_GROUP_precompute_mult(group.get(), context) == 1);
#else
  static_cast<void>(context);
#endif
  return group;
}

void add_to(EC_POINT* sum, const EC_POINT* part, BN_CTX* context) {
  must(EC_POINT_add(p256(), sum, sum, part, context) == 1);
}

}  // namespace

Result<ElGamalCiphertext> ElGamalCiphertext::parse(std::string_view bytes) {
  const Error wrong{Errc::malformed, "ciphertext", "must be two points of P-256 of 65 bytes each"};
  if (bytes.size() != kBytes) return wrong;
  Result<CurvePoint> first = CurvePoint::parse(bytes.substr(0, CurvePoint::kBytes));
  Result<CurvePoint> second = CurvePoint::parse(bytes.substr(CurvePoint::kBytes));
  if (!first || !second) return wrong;
  return ElGamalCiphertext{*std::move(first), *std::move(second)};
}

struct ElGamalEncryptor::Tables {
  CurvePoint point;             // the key
  Owned<EC_GROUP> key;          // P-256, with the key for its generator
  Owned<EC_POINT> take_offset;  // -2^127 G
};

ElGamalEncryptor::ElGamalEncryptor(std::unique_ptr<Tables> tables) noexcept
    : tables_(std::move(tables)) {}
ElGamalEncryptor::ElGamalEncryptor(ElGamalEncryptor&&) noexcept = default;
ElGamalEncryptor& ElGamalEncryptor::operator=(ElGamalEncryptor&&) noexcept = default;
ElGamalEncryptor::~ElGamalEncryptor() = default;

Result<ElGamalEncryptor> ElGamalEncryptor::make(const CurvePoint& key) {
  const Owned<BN_CTX> context = new_context();
  Owned<EC_GROUP> group = group_of(point_of(key, context.get()).get(), context.get());
  Owned<EC_POINT> offset_point = multiple(offset().get(), nullptr, context.get());
  must(EC_POINT_invert(p256(), offset_point.get(), context.get()) == 1);
  return ElGamalEncryptor(
      std::make_unique<Tables>(Tables{key, std::move(group), std::move(offset_point)}));
}

const CurvePoint& ElGamalEncryptor::key() const noexcept {
  return tables_->point;
}

// The sum of all parts has one course: rH is uniform among 2^256 points, so that no addition meets two
// equal points, or a point and its opposite, but with odds that nobody meets.
ElGamalCiphertext ElGamalAccess::encrypt(const ElGamalEncryptor& encryptor, std::int64_t number,
                                         const BIGNUM* r, BN_CTX* context) {
  const ElGamalEncryptor::Tables& tables = *encryptor.tables_;
  const Owned<EC_POINT> ephemeral = multiple(r, nullptr, context);
  const Owned<EC_POINT> masked = new_point();
  must(EC_POINT_mul(tables.key.get(), masked.get(), r, nullptr, nullptr, context) == 1);
  add_to(masked.get(), tables.take_offset.get(), context);
  add_to(masked.get(), multiple(with_offset(number).get(), nullptr, context).get(), context);
  return {affine_sure(ephemeral.get(), context), affine_sure(masked.get(), context)};
}

ElGamalCiphertext ElGamalEncryptor::encrypt(std::int64_t number, BitSource& bits) const {
  return ElGamalAccess::encrypt(*this, number, draw_scalar(bits).get(), new_context().get());
}

ElGamalCiphertext ElGamalEncryptor::rerandomise(const ElGamalCiphertext& ciphertext,
                                                BitSource& bits) const {
  ElGamalSum sum;
  sum.add(ciphertext);
  sum.add(encrypt(0, bits));
  const Result<ElGamalCiphertext> total = sum.total();
  must(total.has_value());
  return *total;
}

struct ElGamalSum::Points {
  Owned<BN_CTX> context = new_context();
  Owned<EC_POINT> ephemeral = new_point();
  Owned<EC_POINT> masked = new_point();
};

ElGamalSum::ElGamalSum() : points_(std::make_unique<Points>()) {
  must(EC_POINT_set_to_infinity(p256(), points_->ephemeral.get()) == 1 &&
       EC_POINT_set_to_infinity(p256(), points_->masked.get()) == 1);
}
ElGamalSum::ElGamalSum(ElGamalSum&&) noexcept = default;
ElGamalSum& ElGamalSum::operator=(ElGamalSum&&) noexcept = default;
ElGamalSum::~ElGamalSum() = default;

void ElGamalSum::add(const ElGamalCiphertext& ciphertext) {
  BN_CTX* const context = points_->context.get();
  add_to(points_->ephemeral.get(), point_of(ciphertext.ephemeral, context).get(), context);
  add_to(points_->masked.get(), point_of(ciphertext.masked, context).get(), context);
}

Result<ElGamalCiphertext> ElGamalSum::total() const {
  const auto ephemeral = affine(points_->ephemeral.get(), points_->context.get());
  const auto masked = affine(points_->masked.get(), points_->context.get());
  if (!ephemeral || !masked)
    return Error{
        Errc::refused, "sum of ciphertexts",
        "must be of one at least, and not of one and its opposite, which anybody can read"};
  return ElGamalCiphertext{*ephemeral, *masked};
}

}  // namespace sfumato
