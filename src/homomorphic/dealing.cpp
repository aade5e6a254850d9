#include "sfumato/homomorphic/dealing.h"

#include <algorithm>
#include <optional>

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

Status check_party(const KeyTerms& terms, std::uint8_t party) {
  if (const Status fine = check(terms); !fine) return fine;
  if (party >= 1 && party <= terms.parties) return ok();
  return Error{Errc::invalid_parameter, "party", "must be from 1 to the number of parties"};
}

/// Of secret coefficients: none where one is 0, or no number below the order.
std::optional<std::vector<CurvePoint>> commitments_to(const Secret& coefficients, BN_CTX* context) {
  std::vector<CurvePoint> commitments;
  for (auto rest = coefficients.bytes(); !rest.empty(); rest = rest.subspan(kScalar)) {
    const Owned<BIGNUM> coefficient = scalar_of(rest.first(kScalar));
    if (!coefficient) return std::nullopt;
    const auto point = affine(multiple(coefficient.get(), nullptr, context).get(), context);
    if (!point) return std::nullopt;
    commitments.push_back(*point);
  }
  return commitments;
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

DealingPromise PublicDealing::promise(const KeyTerms& terms) const {
  return {party_, transcript_of("dealing", terms).add(bytes()).hash()};
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
  if (const Status fine = check_party(terms, party); !fine) return fine.error();
  const Owned<BN_CTX> context = new_context();
  Secret coefficients(kScalar * terms.threshold);
  for (std::size_t i = 0; i < terms.threshold; ++i)
    write_scalar(draw_scalar(bits).get(), coefficients.bytes().subspan(i * kScalar, kScalar));
  auto commitments = commitments_to(coefficients, context.get());
  must(commitments.has_value());
  const Owned<BIGNUM> constant = scalar_of(coefficients.bytes().first(kScalar));
  const Multiple known[] = {{nullptr, nullptr}};
  const LogarithmProof proof = prove_logarithm(possession(terms, party, commitments->front()),
                                               constant.get(), known, bits, context.get());
  return Dealing(std::move(coefficients), PublicDealing(party, *std::move(commitments), proof));
}

// The coefficients and the opening, whose proof would be another one if it were made again.
Secret Dealing::state() const {
  const std::span<const unsigned char> coefficients = coefficients_.bytes();
  const std::string opening = opening_.bytes();
  Secret state(coefficients.size() + opening.size());
  std::ranges::copy(coefficients, state.bytes().begin());
  std::ranges::copy(opening, state.bytes().last(opening.size()).begin());
  return state;
}

Result<Dealing> Dealing::restore(const KeyTerms& terms, std::uint8_t party, const Secret& state) {
  if (const Status fine = check_party(terms, party); !fine) return fine.error();
  const Error wrong{Errc::malformed, "dealing",
                    "must be kept as it was, for these terms and this party"};
  const std::size_t size = kScalar * terms.threshold;
  if (state.bytes().size() < size) return wrong;
  Secret coefficients(state.view().substr(0, size));
  Result<PublicDealing> opening = PublicDealing::parse(terms, state.view().substr(size));
  if (!opening || opening->party() != party ||
      commitments_to(coefficients, new_context().get()) != opening->commitments())
    return wrong;
  return Dealing(std::move(coefficients), *std::move(opening));
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
