#include "sfumato/homomorphic/logarithm_proof.h"

#include <algorithm>
#include <vector>

#include "homomorphic/logarithms.h"

namespace sfumato {
namespace {

/// A challenge of all that is said, and of w times each base: x times it for a secret w of one use.
Owned<BIGNUM> challenge_of(Transcript statement, std::span<const Owned<EC_POINT>> commitments,
                           BN_CTX* context) {
  for (const Owned<EC_POINT>& commitment : commitments) {
    const std::optional<CurvePoint> point = affine(commitment.get(), context);
    if (point)
      statement.add(*point);
    else
      statement.add("");
  }
  return statement.challenge(context);
}

/// response·base - challenge·image: all of it is for everybody to see.
Owned<EC_POINT> commitment_of(const Multiple& multiple_of, const BIGNUM* challenge,
                              const BIGNUM* response, BN_CTX* context) {
  const Owned<EC_POINT> taken = multiple(challenge, multiple_of.image, context);
  Owned<EC_POINT> commitment = multiple(response, multiple_of.base, context);
  must(EC_POINT_invert(p256(), taken.get(), context) == 1 &&
       EC_POINT_add(p256(), commitment.get(), commitment.get(), taken.get(), context) == 1);
  return commitment;
}

}  // namespace

std::optional<LogarithmProof> LogarithmProof::parse(std::string_view bytes) {
  if (bytes.size() != kBytes || !p256_or_none()) return std::nullopt;
  LogarithmProof proof{};
  std::ranges::copy(bytes.substr(0, 32), proof.challenge.begin());
  std::ranges::copy(bytes.substr(32), proof.response.begin());
  if (!scalar_of(proof.challenge) || !scalar_of(proof.response)) return std::nullopt;
  return proof;
}

std::string LogarithmProof::bytes() const {
  std::string bytes(challenge.begin(), challenge.end());
  bytes.append(response.begin(), response.end());
  return bytes;
}

LogarithmProof prove_logarithm(const Transcript& statement, const BIGNUM* x,
                               std::span<const Multiple> multiples, BitSource& bits,
                               BN_CTX* context) {
  const Owned<BIGNUM> w = draw_scalar(bits);
  std::vector<Owned<EC_POINT>> commitments;
  for (const auto& [base, image] : multiples)
    commitments.push_back(multiple(w.get(), base, context));
  const Owned<BIGNUM> challenge = challenge_of(statement, commitments, context);
  const Owned<BIGNUM> part = scalar_product(x, challenge.get(), context);
  return {bytes_of_scalar(challenge.get()), bytes_of_scalar(scalar_sum(w.get(), part.get()).get())};
}

bool proves_logarithm(const LogarithmProof& proof, const Transcript& statement,
                      std::span<const Multiple> multiples, BN_CTX* context) {
  const Owned<BIGNUM> challenge = scalar_of(proof.challenge), response = scalar_of(proof.response);
  if (!challenge || !response) return false;
  std::vector<Owned<EC_POINT>> commitments;
  for (const Multiple& one : multiples)
    commitments.push_back(commitment_of(one, challenge.get(), response.get(), context));
  return BN_cmp(challenge_of(statement, commitments, context).get(), challenge.get()) == 0;
}

}  // namespace sfumato
