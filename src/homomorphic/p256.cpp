#include "homomorphic/p256.h"

#include <openssl/obj_mac.h>

#include "random/wipe.h"

namespace sfumato {

struct CurvePointAccess {
  static CurvePoint made(const std::array<unsigned char, CurvePoint::kBytes>& bytes) noexcept {
    return CurvePoint(bytes);
  }
};

namespace {

constexpr point_conversion_form_t kForm = POINT_CONVERSION_UNCOMPRESSED;

const unsigned char* data_of(std::string_view bytes) noexcept {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

const BN_MONT_CTX* order_modulus() {
  static const Owned<BN_MONT_CTX> modulus = montgomery(order(), new_context().get());
  return modulus.get();
}

}  // namespace

Result<CurvePoint> CurvePoint::parse(std::string_view bytes) {
  if (const Status there = check_p256(); !there) return there.error();
  const Error wrong{Errc::malformed, "point",
                    "must be 65 bytes, 4 and the coordinates of a point of the curve P-256"};
  if (bytes.size() != kBytes || bytes.front() != kForm) return wrong;
  const Owned<EC_POINT> point = new_point();
  if (EC_POINT_oct2point(p256(), point.get(), data_of(bytes), bytes.size(), new_context().get()) !=
      1)
    return wrong;
  std::array<unsigned char, kBytes> copy{};
  for (std::size_t i = 0; i < kBytes; ++i) copy[i] = static_cast<unsigned char>(bytes[i]);
  return CurvePoint(copy);
}

const EC_GROUP* p256_or_none() noexcept {
  static const Owned<EC_GROUP> group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  return group.get();
}

Status check_p256() {
  if (p256_or_none() != nullptr) return ok();
  return Error{Errc::unsupported, "P-256", "is not to be had from this OpenSSL"};
}

const EC_GROUP* p256() {
  must(p256_or_none() != nullptr);
  return p256_or_none();
}

const BIGNUM* order() {
  return EC_GROUP_get0_order(p256());
}

Owned<EC_POINT> new_point() {
  return owned(EC_POINT_new(p256()));
}

Owned<EC_POINT> point_of(const CurvePoint& point, BN_CTX* context) {
  Owned<EC_POINT> made = new_point();
  must(EC_POINT_oct2point(p256(), made.get(), data_of(point.bytes()), CurvePoint::kBytes,
                          context) == 1);
  return made;
}

std::optional<CurvePoint> affine(const EC_POINT* point, BN_CTX* context) {
  if (EC_POINT_is_at_infinity(p256(), point) == 1) return std::nullopt;
  std::array<unsigned char, CurvePoint::kBytes> bytes{};
  must(EC_POINT_point2oct(p256(), point, kForm, bytes.data(), bytes.size(), context) ==
       bytes.size());
  return CurvePointAccess::made(bytes);
}

CurvePoint affine_sure(const EC_POINT* point, BN_CTX* context) {
  const std::optional<CurvePoint> found = affine(point, context);
  must(found.has_value());
  return *found;
}

Owned<EC_POINT> multiple(const BIGNUM* scalar, const EC_POINT* point, BN_CTX* context) {
  Owned<EC_POINT> product = new_point();
  const bool done =
      point == nullptr ? EC_POINT_mul(p256(), product.get(), scalar, nullptr, nullptr, context) == 1
                       : EC_POINT_mul(p256(), product.get(), nullptr, point, scalar, context) == 1;
  must(done);
  return product;
}

Owned<EC_POINT> small_multiple(std::uint8_t scalar, const EC_POINT* point, BN_CTX* context) {
  Owned<EC_POINT> product = new_point();
  must(EC_POINT_set_to_infinity(p256(), product.get()) == 1);
  for (int bit = 7; bit >= 0; --bit) {
    must(EC_POINT_dbl(p256(), product.get(), product.get(), context) == 1);
    if ((scalar >> bit & 1) != 0)
      must(EC_POINT_add(p256(), product.get(), product.get(), point, context) == 1);
  }
  return product;
}

Owned<BIGNUM> draw_scalar(BitSource& bits) {
  for (;;) {
    std::array<std::uint64_t, 4> words{};
    for (std::uint64_t& word : words) word = bits.next();
    Owned<BIGNUM> scalar = new_number();
    read_words(words, scalar.get());
    wipe(words.data(), sizeof words);
    BN_set_flags(scalar.get(), BN_FLG_CONSTTIME);
    // What is thrown away tells nothing of what comes after it.
    if (!BN_is_zero(scalar.get()) && BN_cmp(scalar.get(), order()) < 0) return scalar;
  }
}

// (b·R)·a / R: Montgomery's product has one course for all a. BN_mod_mul divides, which has not.
Owned<BIGNUM> scalar_product(const BIGNUM* a, const BIGNUM* b, BN_CTX* context) {
  auto* const modulus = const_cast<BN_MONT_CTX*>(order_modulus());  // read alone
  Owned<BIGNUM> product = new_number();
  must(BN_to_montgomery(product.get(), b, modulus, context) == 1 &&
       BN_mod_mul_montgomery(product.get(), a, product.get(), modulus, context) == 1);
  BN_set_flags(product.get(), BN_FLG_CONSTTIME);
  return product;
}

Owned<BIGNUM> scalar_sum(const BIGNUM* a, const BIGNUM* b) {
  Owned<BIGNUM> sum = new_number();
  must(BN_mod_add_quick(sum.get(), a, b, order()) == 1);
  BN_set_flags(sum.get(), BN_FLG_CONSTTIME);
  return sum;
}

Owned<BIGNUM> scalar_of(std::span<const unsigned char> bytes) {
  if (bytes.size() != std::tuple_size_v<ScalarBytes>) return nullptr;
  Owned<BIGNUM> scalar = owned(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
  BN_set_flags(scalar.get(), BN_FLG_CONSTTIME);
  if (BN_cmp(scalar.get(), order()) >= 0) return nullptr;
  return scalar;
}

void write_scalar(const BIGNUM* scalar, std::span<unsigned char> into) {
  must(BN_bn2binpad(scalar, into.data(), static_cast<int>(into.size())) ==
       static_cast<int>(into.size()));
}

ScalarBytes bytes_of_scalar(const BIGNUM* scalar) {
  ScalarBytes bytes{};
  write_scalar(scalar, bytes);
  return bytes;
}

}  // namespace sfumato
