#include "sfumato/homomorphic/elgamal_vector.h"

#include "homomorphic/elgamal_access.h"
#include "homomorphic/point_sum.h"
#include "homomorphic/transcript.h"

namespace sfumato {
namespace {

Transcript statement_of(std::span<const ElGamalCiphertext> ciphertexts, const CurvePoint& key,
                        std::string_view context) {
  Transcript statement("vector of ciphertexts");
  statement.add(key).add(context);
  for (const ElGamalCiphertext& ciphertext : ciphertexts)
    statement.add(ciphertext.ephemeral).add(ciphertext.masked);
  return statement;
}

/// One for each ciphertext, of a challenge that came after all of them and after the commitment.
std::vector<uint128> factors_of(const ScalarBytes& challenge, std::size_t count) {
  return Transcript("vector's factors").add(challenge).factors(count);
}

}  // namespace

Result<ElGamalVector> ElGamalVector::parse(std::string_view bytes, std::size_t numbers) {
  const Error wrong{Errc::malformed, "ciphertexts",
                    "must be as many as the numbers, and two numbers below the order of P-256"};
  constexpr std::size_t kOne = ElGamalCiphertext::kBytes;
  if (numbers == 0 || bytes.size() / kOne < numbers ||
      bytes.size() != numbers * kOne + LogarithmProof::kBytes)
    return wrong;
  const auto proof = LogarithmProof::parse(bytes.substr(numbers * kOne));
  if (!proof) return wrong;
  ElGamalVector vector{{}, *proof};
  vector.ciphertexts.reserve(numbers);
  for (std::size_t i = 0; i < numbers; ++i) {
    Result<ElGamalCiphertext> one = ElGamalCiphertext::parse(bytes.substr(i * kOne, kOne));
    if (!one) return one.error();
    vector.ciphertexts.push_back(*std::move(one));
  }
  return vector;
}

std::string ElGamalVector::bytes() const {
  std::string bytes;
  bytes.reserve(ciphertexts.size() * ElGamalCiphertext::kBytes + LogarithmProof::kBytes);
  for (const ElGamalCiphertext& ciphertext : ciphertexts)
    bytes.append(ciphertext.ephemeral.bytes()).append(ciphertext.masked.bytes());
  return bytes += proof.bytes();
}

Result<ElGamalVector> encrypt_vector(const ElGamalEncryptor& encryptor,
                                     std::span<const std::int64_t> numbers,
                                     std::string_view context, BitSource& bits) {
  if (numbers.empty()) return Error{Errc::invalid_parameter, "numbers", "must be one at least"};
  const Owned<BN_CTX> scratch = new_context();
  ElGamalVector vector;
  std::vector<Owned<BIGNUM>> random;
  for (const std::int64_t number : numbers) {
    random.push_back(draw_scalar(bits));
    vector.ciphertexts.push_back(
        ElGamalAccess::encrypt(encryptor, number, random.back().get(), scratch.get()));
  }
  Owned<BIGNUM> answer = draw_scalar(bits);  // and all that hides the random numbers
  const CurvePoint commitment =
      affine_sure(multiple(answer.get(), nullptr, scratch.get()).get(), scratch.get());
  vector.proof.challenge =
      bytes_of_scalar(statement_of(vector.ciphertexts, encryptor.key(), context)
                          .add(commitment)
                          .challenge(scratch.get())
                          .get());
  const auto factors = factors_of(vector.proof.challenge, numbers.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const Owned<BIGNUM> part =
        scalar_product(random[i].get(), number_of(factors[i]).get(), scratch.get());
    answer = scalar_sum(answer.get(), part.get());
  }
  vector.proof.response = bytes_of_scalar(answer.get());
  return vector;
}

bool is_known(const ElGamalVector& vector, const CurvePoint& key, std::string_view context) {
  const Owned<BIGNUM> challenge = scalar_of(vector.proof.challenge);
  const Owned<BIGNUM> answer = scalar_of(vector.proof.response);
  if (vector.ciphertexts.empty() || !challenge || !answer) return false;
  const Owned<BN_CTX> scratch = new_context();
  std::vector<const CurvePoint*> points;
  for (const ElGamalCiphertext& ciphertext : vector.ciphertexts)
    points.push_back(&ciphertext.ephemeral);
  const Owned<EC_POINT> taken =
      weighted_sum(points, factors_of(vector.proof.challenge, points.size()), scratch.get());
  const Owned<EC_POINT> given = multiple(answer.get(), nullptr, scratch.get());
  must(EC_POINT_invert(p256(), taken.get(), scratch.get()) == 1 &&
       EC_POINT_add(p256(), given.get(), given.get(), taken.get(), scratch.get()) == 1);
  const std::optional<CurvePoint> commitment = affine(given.get(), scratch.get());
  if (!commitment) return false;
  return BN_cmp(statement_of(vector.ciphertexts, key, context)
                    .add(*commitment)
                    .challenge(scratch.get())
                    .get(),
                challenge.get()) == 0;
}

}  // namespace sfumato
