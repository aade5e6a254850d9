#pragma once

#include "secagg/messages.h"
#include "sfumato/homomorphic/dealing.h"
#include "sfumato/homomorphic/elgamal.h"
#include "sfumato/homomorphic/threshold_key.h"

namespace sfumato {

// The bodies of messages of encrypted sums: docs/protocol/encrypted_sums.md. `parse` takes nothing that `body` does
// not give. Bodies of inputs are those of homomorphic/elgamal_vector.h.

/// A share of the key, for one other holder alone.
using DealtBox = Box<32>;

inline constexpr std::uint64_t kLongestDealing = std::uint64_t{1} << 14;
inline constexpr ListLimits kDealingList{kLongestDealing, kLongestDealing* Roster::kMost};
inline constexpr ListLimits kInputList{kLongestBody, kLongestBody};

/// A key holder's key for boxes, and the hash of what it is going to deal.
struct KeyOffer {
  AgreementPublic cipher;
  DealingHash promise;

  std::string body() const;
  static std::optional<KeyOffer> parse(std::string_view body);
};

struct SealedDealing {
  std::string opening;          ///< of a PublicDealing
  std::vector<DealtBox> boxes;  ///< by rising places

  std::string body() const;
  static std::optional<SealedDealing> parse(std::string_view body);
};

/// What a key holder finds of a key; one that got wrong shares does not confirm it.
struct Confirmation {
  DealingHash key;  ///< its digest
  Places wrong;     ///< who dealt it no share, or a wrong one

  std::string body() const;
  static std::optional<Confirmation> parse(std::string_view body);
};

/// What all who contribute are told.
struct JointKey {
  std::string key;                         ///< of a ThresholdKey
  std::vector<std::string> confirmations;  ///< as they were signed, by rising places

  std::string body() const;
  static std::optional<JointKey> parse(std::string_view body);
};

/// One holder's part in reading the sum.
struct Decryption {
  Digest list;        ///< of the list of inputs that it is of
  std::string parts;  ///< of PartialDecryptions

  std::string body() const;
  static std::optional<Decryption> parse(std::string_view body);
};

/// What the holders of a session's key agree on; they count from 1 in the order of their places.
KeyTerms key_terms(const Session& session);
std::uint8_t holder_number(const Session& session, Place place) noexcept;

/// What proofs of inputs and of decryptions are bound to.
std::string input_context(const Session& session, Place sender);
std::string decryption_context(const Session& session, const Digest& list);

/// Refuses what is no input of that sender for this key: of other numbers, or of another one's.
Status check_input(const Session& session, const ThresholdKey& key, const Envelope& input);

/// Of each coordinate what all inputs add up to.
class InputSum {
 public:
  explicit InputSum(std::size_t length) : sums_(length) {}

  /// Of an input that was looked at.
  Status add(const Envelope& input);
  Result<std::vector<ElGamalCiphertext>> totals() const;

 private:
  std::vector<ElGamalSum> sums_;
};

/// Whether this is what its sender promised to open, and seals a share for each other of `holders`.
Result<PublicDealing> opened_dealing(const Session& session, const Envelope& dealing,
                                     const SealedDealing& said, const DealingHash& promise,
                                     const Places& holders);

/// "'clinic east', 'clinic north'".
std::string quoted_names(const Session& session, const Places& places);

}  // namespace sfumato
