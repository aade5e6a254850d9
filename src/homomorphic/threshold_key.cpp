#include "sfumato/homomorphic/threshold_key.h"

#include <algorithm>

#include "homomorphic/polynomial.h"

namespace sfumato {
namespace {

constexpr std::size_t kHash = std::tuple_size_v<DealingHash>;

Error malformed() {
  return {Errc::malformed, "threshold key",
          "must be terms, who dealt, a hash and as many points of P-256 as the threshold"};
}

/// "party 2", "parties 2 and 5".
std::string named(std::span<const std::uint8_t> parties) {
  std::string text = parties.size() == 1 ? "party " : "parties ";
  for (std::size_t i = 0; i < parties.size(); ++i) {
    if (i > 0) text += i + 1 == parties.size() ? " and " : ", ";
    text += std::to_string(parties[i]);
  }
  return text;
}

/// Whether these are of so many parties, rising, none twice.
bool rise(std::span<const std::uint8_t> some, std::uint8_t parties) {
  std::uint8_t before = 0;
  for (const std::uint8_t party : some) {
    if (party <= before || party > parties) return false;
    before = party;
  }
  return true;
}

}  // namespace

Result<ThresholdKey> ThresholdKey::make(const KeyTerms& terms,
                                        std::span<const DealingPromise> promises,
                                        std::span<const PublicDealing> dealings) {
  if (const Status fine = check(terms); !fine) return fine.error();
  std::vector<std::uint8_t> promised, dealers, wrong;
  for (const DealingPromise& promise : promises) promised.push_back(promise.party);
  for (const PublicDealing& dealing : dealings) dealers.push_back(dealing.party());
  if (!rise(promised, terms.parties) || !rise(dealers, terms.parties))
    return Error{Errc::invalid_parameter, "dealings",
                 "must be promised and opened by parties once each, in their order"};
  Transcript all = transcript_of("dealings", terms);
  for (const PublicDealing& dealing : dealings) {
    if (dealing.commitments().size() != terms.threshold ||
        std::ranges::find(promises, dealing.promise(terms)) == promises.end())
      wrong.push_back(dealing.party());
    all.add(dealing.bytes());
  }
  if (!wrong.empty())
    return Error{
        Errc::refused, "dealings",
        "must be those whose hashes were sent before: that of " + named(wrong) + " is another"};
  if (dealings.size() < terms.threshold)
    return Error{Errc::refused, "dealings",
                 "must be as many as the threshold, " + std::to_string(terms.threshold) + ", are " +
                     std::to_string(dealings.size())};
  const Owned<BN_CTX> context = new_context();
  ThresholdKey key;
  key.terms_ = terms;
  key.dealers_ = std::move(dealers);
  key.dealings_ = all.hash();
  for (std::size_t k = 0; k < terms.threshold; ++k) {
    const Owned<EC_POINT> sum = new_point();
    must(EC_POINT_set_to_infinity(p256(), sum.get()) == 1);
    for (const PublicDealing& dealing : dealings)
      must(EC_POINT_add(p256(), sum.get(), sum.get(),
                        point_of(dealing.commitments()[k], context.get()).get(),
                        context.get()) == 1);
    const std::optional<CurvePoint> point = affine(sum.get(), context.get());
    if (!point)
      return Error{Errc::refused, "dealings", "add up to the point at infinity: deal again"};
    key.coefficients_.push_back(*point);
  }
  if (const Status fine = key.complete(); !fine) return fine.error();
  return key;
}

Status ThresholdKey::complete() {
  const Owned<BN_CTX> context = new_context();
  const auto polynomial = points_of(coefficients_, context.get());
  for (std::size_t party = 1; party <= terms_.parties; ++party) {
    const Owned<EC_POINT> value =
        evaluate(polynomial, static_cast<std::uint8_t>(party), context.get());
    const std::optional<CurvePoint> point = affine(value.get(), context.get());
    if (!point)
      return Error{Errc::refused, "threshold key", "must give no party the point at infinity"};
    share_points_.push_back(*point);
  }
  digest_ = Transcript("threshold key").add(bytes()).hash();
  return ok();
}

// Two bytes of the context's length, the context, parties, threshold, how many dealt and who, the hash, the
// points.
std::string ThresholdKey::bytes() const {
  const std::size_t size = terms_.context.size();
  std::string bytes{static_cast<char>(size >> 8), static_cast<char>(size & 0xff)};
  bytes += terms_.context;
  bytes += static_cast<char>(terms_.parties);
  bytes += static_cast<char>(terms_.threshold);
  bytes += static_cast<char>(dealers_.size());
  bytes.append(dealers_.begin(), dealers_.end());
  bytes.append(dealings_.begin(), dealings_.end());
  for (const CurvePoint& point : coefficients_) bytes += point.bytes();
  return bytes;
}

Result<ThresholdKey> ThresholdKey::parse(std::string_view bytes) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  if (bytes.size() < 2) return malformed();
  const std::size_t size = std::size_t{byte(0)} << 8 | byte(1);
  if (bytes.size() < 2 + size + 3) return malformed();
  ThresholdKey key;
  key.terms_ = {std::string(bytes.substr(2, size)), byte(2 + size), byte(3 + size)};
  if (const Status fine = check(key.terms_); !fine) return fine.error();
  const std::size_t dealers = byte(4 + size);
  bytes.remove_prefix(5 + size);
  if (dealers < key.terms_.threshold || bytes.size() < dealers + kHash) return malformed();
  for (std::size_t i = 0; i < dealers; ++i) key.dealers_.push_back(byte(i));
  if (!rise(key.dealers_, key.terms_.parties)) return malformed();
  bytes.remove_prefix(dealers);
  for (std::size_t i = 0; i < kHash; ++i) key.dealings_[i] = byte(i);
  bytes.remove_prefix(kHash);
  if (bytes.size() != CurvePoint::kBytes * key.terms_.threshold) return malformed();
  for (; !bytes.empty(); bytes.remove_prefix(CurvePoint::kBytes)) {
    Result<CurvePoint> point = CurvePoint::parse(bytes.substr(0, CurvePoint::kBytes));
    if (!point) return malformed();
    key.coefficients_.push_back(*std::move(point));
  }
  if (const Status fine = key.complete(); !fine) return fine.error();
  return key;
}

std::vector<std::uint8_t> wrong_shares(std::span<const PublicDealing> dealings, std::uint8_t party,
                                       std::span<const Secret> shares) {
  std::vector<std::uint8_t> wrong;
  for (std::size_t i = 0; i < dealings.size(); ++i)
    if (i >= shares.size() || !dealings[i].owes(party, shares[i]))
      wrong.push_back(dealings[i].party());
  return wrong;
}

Result<KeyShare> KeyShare::make(const ThresholdKey& key, std::span<const PublicDealing> dealings,
                                std::uint8_t party, std::span<const Secret> shares) {
  if (!std::ranges::equal(dealings, key.dealers(), {}, &PublicDealing::party) ||
      shares.size() != dealings.size())
    return Error{Errc::invalid_parameter, "shares", "must be one from each dealer of the key"};
  if (const auto wrong = wrong_shares(dealings, party, shares); !wrong.empty())
    return Error{Errc::refused, "shares",
                 "must be those that the dealings commit to: " + named(wrong) + " sent party " +
                     std::to_string(party) + " another"};
  Owned<BIGNUM> sum = new_number();
  for (const Secret& share : shares) sum = scalar_sum(sum.get(), scalar_of(share).get());
  Secret scalar(std::tuple_size_v<ScalarBytes>);
  write_scalar(sum.get(), scalar.bytes());
  return restore(key, party, std::move(scalar));
}

Result<KeyShare> KeyShare::restore(const ThresholdKey& key, std::uint8_t party, Secret scalar) {
  if (party < 1 || party > key.terms().parties)
    return Error{Errc::invalid_parameter, "party", "must be from 1 to the number of parties"};
  const Owned<BIGNUM> number = scalar_of(scalar);
  const Owned<BN_CTX> context = new_context();
  if (number) {
    const auto point = affine(multiple(number.get(), nullptr, context.get()).get(), context.get());
    if (point == key.share_point(party)) return KeyShare(party, std::move(scalar), key.digest());
  }
  return Error{Errc::refused, "key share",
               "must be that of party " + std::to_string(party) + " of this key"};
}

}  // namespace sfumato
