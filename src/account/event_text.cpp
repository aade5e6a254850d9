#include "sfumato/account/event_text.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "account/parameter.h"
#include "base/nearest.h"

namespace sfumato {
namespace {

using Values = std::vector<Exact>;

constexpr std::int64_t kMostWhole = 1'000'000'000'000'000'000;

/// The whole number from 0 to 10^18 that `value` is.
std::optional<std::int64_t> whole(const Decimal& value) {
  if (value.sign() < 0 || value.exponent() < 0 || value.coefficient() > kMostWhole) return {};
  int128 number = value.coefficient();
  for (int i = 0; i < value.exponent() && number <= kMostWhole; ++i) number *= 10;
  if (number > kMostWhole) return {};
  return static_cast<std::int64_t>(number);
}

std::optional<std::int64_t> whole(const Exact& value) {
  const auto* decimal = std::get_if<Decimal>(&value.value());
  return decimal ? whole(*decimal) : static_cast<std::int64_t>(value.upper());  // a default, small
}

std::int64_t whole_of(const Exact& checked) {
  return *whole(checked);
}

// ---- what can be written

template <std::int64_t kLeast>
Status check_whole(const char* where, const Exact& value) {
  const auto number = whole(value);
  if (number && *number >= kLeast) return ok();
  return Error{Errc::invalid_parameter, where,
               "must be a whole number from " + std::to_string(kLeast) + " to 10^18"};
}

Status check_alpha(const char*, const Exact& value) {
  return check_order(value);
}

struct Parameter {
  const char* name;
  Status (*check)(const char* where, const Exact& value);
  std::optional<double> absent = {};  ///< its value where it is not written, if it may be left out
};

const Parameter kSigma = {"sigma", check_positive};
const Parameter kScale = {"scale", check_positive};
const Parameter kSensitivity = {"sensitivity", check_positive, 1};
const Parameter kWholeSensitivity = {"sensitivity", check_whole<1>, 1};
const Parameter kEpsilon = {"epsilon", check_not_negative};

struct Law {
  std::string name;
  std::vector<Parameter> parameters;
  Loss (*loss)(const Values&);
  Sampling (*sampling)(const Values&) = nullptr;  ///< where it takes an event, instead of `loss`
};

const std::vector<Law>& laws() {
  static const std::vector<Law> all = {
      {"gaussian",
       {kSigma, kSensitivity},
       [](auto& v) -> Loss {
         return GaussianLoss{v[0], v[1]};
       }},
      {"laplace",
       {kScale, kSensitivity},
       [](auto& v) -> Loss {
         return LaplaceLoss{v[0], v[1]};
       }},
      {"discrete_gaussian",
       {kSigma, kWholeSensitivity},
       [](auto& v) -> Loss {
         return DiscreteGaussianLoss{v[0], whole_of(v[1])};
       }},
      {"discrete_laplace",
       {kScale, kWholeSensitivity},
       [](auto& v) -> Loss {
         return DiscreteLaplaceLoss{v[0], whole_of(v[1])};
       }},
      {"polya",
       {kScale,
        {"parts", check_whole<1>},
        {"present", check_whole<1>},
        kWholeSensitivity},
       [](auto& v) -> Loss {
         return PolyaLoss{v[0], whole_of(v[1]), whole_of(v[2]), whole_of(v[3])};
       }},
      {"skellam",
       {{"mu", check_positive}, kWholeSensitivity},
       [](auto& v) -> Loss {
         return SkellamLoss{v[0], whole_of(v[1])};
       }},
      {"discrete_gaussian_sum",
       {kSigma, {"parts", check_whole<1>}, kWholeSensitivity},
       [](auto& v) -> Loss {
         return DiscreteGaussianSumLoss{v[0], whole_of(v[1]), whole_of(v[2])};
       }},
      {"pure", {kEpsilon}, [](auto& v) -> Loss { return PureLoss{v[0]}; }},
      {"approx",
       {kEpsilon, {"delta", check_probability}},
       [](auto& v) -> Loss {
         return ApproximateLoss{v[0], v[1]};
       }},
      {"pure_rr", {kEpsilon}, [](auto& v) -> Loss { return BinaryResponseLoss{v[0]}; }},
      {"randomized_response",
       {{"p", check_probability}, {"categories", check_whole<2>}},
       [](auto& v) -> Loss {
         return RandomizedResponseLoss{v[0], whole_of(v[1])};
       }},
      {"exponential", {kEpsilon}, [](auto& v) -> Loss { return BoundedRangeLoss{v[0]}; }},
      {"zcdp", {{"rho", check_not_negative}}, [](auto& v) -> Loss { return ZcdpLoss{v[0]}; }},
      {"rdp",
       {{"alpha", check_alpha}, kEpsilon},
       [](auto& v) -> Loss {
         return RdpLoss{{RdpPoint{v[0], v[1]}}};
       }},
      {"poisson",
       {{"q", check_share}},
       nullptr,
       [](auto& v) -> Sampling { return PoissonSampling{v[0]}; }},
      {"without_replacement",
       {{"n", check_whole<1>}, {"m", check_whole<1>}},
       nullptr,
       [](auto& v) -> Sampling {
         return FixedSizeSampling{whole_of(v[0]), whole_of(v[1])};
       }},
  };
  return all;
}

/// "epsilon and delta", and an event where it takes one.
std::string taken_by(const Law& law) {
  std::vector<std::string> words;
  for (const Parameter& parameter : law.parameters) words.emplace_back(parameter.name);
  if (law.sampling) words.emplace_back("an event");
  std::string text = words.front();
  for (std::size_t i = 1; i < words.size(); ++i)
    text += (i + 1 == words.size() ? " and " : ", ") + words[i];
  return text;
}

// ---- reading

struct Word {
  std::size_t at;  ///< where it begins, in bytes
  std::string_view text;
};

struct Argument {
  Word name, value;
};

/// What was written in a law's brackets.
struct Arguments {
  std::vector<Argument> named;
  std::optional<Event> event;
  std::size_t end = 0;  ///< where the bracket closes
};

bool is_space(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Of names and of numbers; what is neither is told by who reads them.
bool is_in_word(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == '+' || c == '-';
}

/// Enough of a word to know it by.
std::string quoted(std::string_view text) {
  constexpr std::size_t kEnough = 40;
  return "'" + std::string(text.substr(0, kEnough)) + (text.size() > kEnough ? "…'" : "'");
}

/// Reads from left to right; the first thing that is wrong ends it.
class Reader {
 public:
  explicit Reader(std::string_view text) noexcept : text_(text) {}

  Result<std::vector<Event>> events() {
    std::vector<Event> all;
    do {
      Result<Event> one = event(nullptr);
      if (!one) return one.error();
      const Result<std::int64_t> times = count();
      if (!times) return times.error();
      one->count = *times;
      all.push_back(*std::move(one));
    } while (accept(','));
    if (at_ < text_.size()) return wrong(at_, "expected ',', '*' or the end");
    return all;
  }

 private:
  /// An event without its count; `around` is the law within whose brackets it stands, or null.
  Result<Event> event(const Law* around) {
    const Word name = word();
    if (name.text.empty()) return wrong(name.at, "expected an event such as gaussian(sigma=1)");
    const auto law = std::ranges::find(laws(), name.text, &Law::name);
    if (law == laws().end()) return unknown_law(name);
    if (law->sampling && around)
      return wrong(name.at, around->name + " takes an event that is not itself sampled");
    if (!accept('(')) return wrong(at_, "expected '(' after " + law->name);
    const Result<Arguments> given = arguments(*law);
    if (!given) return given.error();
    const Result<Values> values = values_of(*law, *given);
    if (!values) return values.error();
    if (!law->sampling) return Event{law->loss(*values)};
    return sampled(*law, *values, *given);
  }

  /// What stands in the brackets of `law`, the closing one taken.
  Result<Arguments> arguments(const Law& law) {
    Arguments given;
    do {
      const std::size_t before = at_;
      const Word name = word();
      if (accept('=')) {
        given.named.push_back({name, word()});
      } else if (law.sampling && !given.event) {
        at_ = before;
        Result<Event> inner = event(&law);
        if (!inner) return inner.error();
        given.event = *std::move(inner);
      } else {
        return wrong(name.at, given.event ? law.name + " takes one event"
                                          : "expected a parameter such as " + first_of(law));
      }
    } while (accept(','));
    given.end = at_;
    if (law.sampling && ahead('*'))
      return wrong(at_, law.name + " takes one event: repeat all of it, after its ')'");
    if (!accept(')')) return wrong(at_, "expected ',' or ')'");
    return given;
  }

  /// One value for each parameter of `law`, in its order.
  Result<Values> values_of(const Law& law, const Arguments& given) const {
    for (const Argument& argument : given.named) {
      const auto same = [&](const Argument& other) {
        return other.name.text == argument.name.text;
      };
      const bool known = std::ranges::any_of(
          law.parameters, [&](const Parameter& p) { return p.name == argument.name.text; });
      if (!known)
        return wrong(argument.name.at,
                     law.name + " takes " + taken_by(law) + ", not " + quoted(argument.name.text));
      if (std::ranges::count_if(given.named, same) > 1)
        return wrong(argument.name.at, std::string(argument.name.text) + " is there twice");
    }
    Values values;
    for (const Parameter& parameter : law.parameters) {
      const Result<Exact> value = value_of(parameter, law, given);
      if (!value) return value.error();
      values.push_back(*value);
    }
    return values;
  }

  Result<Exact> value_of(const Parameter& parameter, const Law& law, const Arguments& given) const {
    const auto written =
        std::ranges::find(given.named, std::string_view(parameter.name),
                          [](const Argument& argument) { return argument.name.text; });
    if (written == given.named.end()) {
      if (parameter.absent) return Exact(*parameter.absent);
      return wrong(given.end, law.name + " needs " + parameter.name + "=");
    }
    const Word& value = written->value;
    const auto bad = [&](const Error& error) {
      return wrong(value.at, std::string(parameter.name) + " " + error.message + ", is " +
                                 quoted(value.text));
    };
    const Result<Exact> number = Exact::parse(value.text);
    if (!number) return bad(number.error());
    if (const Status sound = parameter.check(parameter.name, *number); !sound)
      return bad(sound.error());
    return *number;
  }

  Result<Event> sampled(const Law& law, const Values& values, const Arguments& given) const {
    if (!given.event)
      return wrong(given.end, law.name + " needs an event, such as gaussian(sigma=1)");
    const Sampling sampling = law.sampling(values);
    const auto* fixed_size = std::get_if<FixedSizeSampling>(&sampling);
    if (fixed_size && fixed_size->m > fixed_size->n)
      return wrong(given.end, "m must be at most n: m of n units take part");
    return Event{given.event->loss, sampling};
  }

  /// k of `*k`, or 1.
  Result<std::int64_t> count() {
    if (!accept('*')) return 1;
    const Word written = word();
    const Result<Decimal> number = Decimal::parse(written.text);
    const auto times = number ? whole(*number) : std::nullopt;
    if (times) return *times;
    return wrong(written.at,
                 "the count must be a whole number from 0 to 10^18, is " + quoted(written.text));
  }

  // ---- the text itself

  void skip_spaces() noexcept {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }

  bool ahead(char sign) noexcept {
    skip_spaces();
    return at_ < text_.size() && text_[at_] == sign;
  }

  bool accept(char sign) noexcept {
    const bool there = ahead(sign);
    if (there) ++at_;
    return there;
  }

  Word word() noexcept {
    skip_spaces();
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_in_word(text_[at_])) ++at_;
    return {begin, text_.substr(begin, at_ - begin)};
  }

  static std::string first_of(const Law& law) {
    return std::string(law.parameters.front().name) + "=";
  }

  Error unknown_law(const Word& name) const {
    std::vector<std::string> names;
    for (const Law& law : laws()) names.push_back(law.name);
    return wrong(name.at, "unknown event " + quoted(name.text) + "; " +
                              suggestion(name.text.substr(0, kLongestName), names));
  }

  /// Characters are counted, not bytes: of UTF-8, each byte but those that go on.
  Error wrong(std::size_t at, const std::string& what) const {
    const auto begins = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
    const auto before = std::ranges::count_if(text_.substr(0, at), begins);
    return {Errc::invalid_parameter, "events",
            "at character " + std::to_string(before + 1) + ": " + what};
  }

  static constexpr std::size_t kLongestName = 40;  // so that no text makes the search long

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Result<std::vector<Event>> parse_events(std::string_view text) {
  return Reader(text).events();
}

}  // namespace sfumato
