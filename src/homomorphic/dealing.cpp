#include "sfumato/homomorphic/dealing.h"

#include "homomorphic/logarithms.h"
#include "homomorphic/polynomial.h"

namespace sfumato {
namespace {

constexpr std::size_t kScalar = std::tuple_size_v<ScalarBytes>;

Transcript possession(const KeyTerms& terms, std::uint8_t party, const CurvePoint& constant) {
  return transcript_of("possession", terms).add(party).add(constant);
}

Error wrong(std::uint8_t party, std::string_view what) {
  return {Errc::refused, "dealing of party " + std::to_string(party), std::string(what)};
}

}  // namespace

Status check(const KeyTerms& terms) {
  if (terms.parties < 2) return Error{Errc::invalid_parameter, "parties", "must be two at least"};
  if (terms.threshold < 2 || terms.threshold > terms.parties)
    return Error{Errc::invalid_parameter, "threshold", "must be from 2 to the number of parties"};
  if (terms.context.size() > 1024)
    return Error{Errc::invalid_parameter, "context", "must have at most 1,024 bytes"};
  return check_p256();
}

Result<PublicDealing> PublicDealing::parse(const KeyTerms& terms, std::string_view bytes) {
  if (const Status fine = check(terms); !fine) return fine.error();
  const std::size_t points = CurvePoint::kBytes * terms.threshold;
  if (bytes.size() != 1 + points + LogarithmProof::kBytes)
    return Error{Errc::malformed, "dealing", "must have as many commitments as the threshold"};
  const auto party = static_cast<std::uint8_t>(bytes.front());
  if (party < 1 || party > terms.parties)
    return Error{Errc::malformed, "dealing", "must be of one of the parties"};
  std::vector<CurvePoint> commitments;
  for (std::size_t i = 0; i < terms.threshold; ++i) {
    Result<CurvePoint> point =
        CurvePoint::parse(bytes.substr(1 + i * CurvePoint::kBytes, CurvePoint::kBytes));
    if (!point) return wrong(party, "must have commitments that are points of P-256");
    commitments.push_back(*std::move(point));
  }
  const auto proof = LogarithmProof::parse(bytes.substr(1 + points));
  const Owned<BN_CTX> context = new_context();
  const Owned<EC_POINT> constant = point_of(commitments.front(), context.get());
  const Multiple known[] = {{nullptr, constant.get()}};
  if (!proof || !proves_logarithm(*proof, possession(terms, party, commitments.front()), known,
                                  context.get()))
    return wrong(party, "must prove for these terms that the party knows its part of the key");
  return PublicDealing(party, std::move(commitments), *proof);
}

std::string PublicDealing::bytes() const {
  std::string bytes(1, static_cast<char>(party_));
  for (const CurvePoint& commitment : commitments_) bytes += commitment.bytes();
  return bytes + proof_.bytes();
}

DealingHash PublicDealing::hash(const KeyTerms& terms) const {
  return transcript_of("dealing", terms).add(bytes()).hash();
}

bool PublicDealing::owes(std::uint8_t party, const Secret& share) const {
  const Owned<BIGNUM> scalar = scalar_of(share);
  if (!scalar || party == 0) return false;
  const Owned<BN_CTX> context = new_context();
  const Owned<EC_POINT> shown = multiple(scalar.get(), nullptr, context.get());
  const Owned<EC_POINT> owed =
      evaluate(points_of(commitments_, context.get()), party, context.get());
  return EC_POINT_cmp(p256(), shown.get(), owed.get(), context.get()) == 0;
}

Result<Dealing> Dealing::draw(const KeyTerms& terms, std::uint8_t party, BitSource& bits) {
  if (const Status fine = check(terms); !fine) return fine.error();
  if (party < 1 || party > terms.parties)
    return Error{Errc::invalid_parameter, "party", "must be from 1 to the number of parties"};
  const Owned<BN_CTX> context = new_context();
  Secret coefficients(kScalar * terms.threshold);
  std::vector<CurvePoint> commitments;
  Owned<BIGNUM> constant;
  for (std::size_t i = 0; i < terms.threshold; ++i) {
    Owned<BIGNUM> coefficient = draw_scalar(bits);
    write_scalar(coefficient.get(), coefficients.bytes().subspan(i * kScalar, kScalar));
    commitments.push_back(
        affine_sure(multiple(coefficient.get(), nullptr, context.get()).get(), context.get()));
    if (i == 0) constant = std::move(coefficient);
  }
  const Multiple known[] = {{nullptr, nullptr}};
  const LogarithmProof proof = prove_logarithm(possession(terms, party, commitments.front()),
                                               constant.get(), known, bits, context.get());
  return Dealing(std::move(coefficients), PublicDealing(party, std::move(commitments), proof));
}

Secret Dealing::share_for(std::uint8_t party) const {
  const Owned<BN_CTX> context = new_context();
  const std::size_t count = coefficients_.bytes().size() / kScalar;
  const Owned<BIGNUM> at = new_number();
  must(BN_set_word(at.get(), party) == 1);
  Owned<BIGNUM> value = new_number();
  for (std::size_t i = count; i-- > 0;) {
    const Owned<BIGNUM> coefficient =
        scalar_of(coefficients_.bytes().subspan(i * kScalar, kScalar));
    must(coefficient != nullptr);
    value = scalar_product(value.get(), at.get(), context.get());
    value = scalar_sum(value.get(), coefficient.get());
  }
  Secret share(kScalar);
  write_scalar(value.get(), share.bytes());
  return share;
}

}  // namespace sfumato
