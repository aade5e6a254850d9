#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <span>
#include <utility>

#include "cli/arguments.h"
#include "cli/curve.h"
#include "cli/json.h"
#include "cli/numbers.h"
#include "cli/output.h"
#include "cli/places.h"
#include "cli/verbs.h"
#include "sfumato/account/composition.h"
#include "sfumato/account/event_text.h"
#include "sfumato/account/renyi.h"

namespace sfumato {
namespace {

constexpr int kCurvePoints = 101;
constexpr std::int64_t kMostUnits = 1'000'000'000;

/// What is asked of a composition: δ at an ε, ε at a δ, or β at an α.
struct Asked {
  enum { delta, epsilon, beta } what;
  Exact at;
};

Result<Asked> asked_of(const AccountArguments& given) {
  const auto of = [](auto what, const std::string& text, const char* name) -> Result<Asked> {
    const Result<Decimal> at = read_decimal(text, name);
    if (!at) return at.error();
    return Asked{what, *at};
  };
  if (given.epsilon) return of(Asked::delta, *given.epsilon, "epsilon");
  if (given.delta) return of(Asked::epsilon, *given.delta, "delta");
  return of(Asked::beta, *given.alpha, "alpha");
}

Result<Guarantee> answer_of(const Composition& composed, const Asked& asked) {
  switch (asked.what) {
    case Asked::delta:
      return composed.delta(asked.at);
    case Asked::epsilon:
      return composed.epsilon(asked.at);
    case Asked::beta:
      break;
  }
  return composed.type_two_error(asked.at);
}

Result<CompositionParams> params_of(const AccountArguments& given) {
  Result<std::vector<Event>> events = parse_events(given.events);
  if (!events) return std::move(events).error();
  CompositionParams params{.events = *std::move(events)};
  if (given.relation == name_of(Relation::replace)) params.relation = Relation::replace;
  if (given.group_size) {
    const auto size = read_whole(*given.group_size, "group-size", 1, kMostUnits);
    if (!size) return size.error();
    params.group_size = *size;
  }
  if (given.gap) {
    const auto gap = read_decimal(*given.gap, "gap");
    if (!gap) return gap.error();
    params.gap = gap->to_double_down();
  }
  return params;
}

/// The orders at which a Rényi bound is given; none of zCDP, which holds at each.
std::vector<Exact> orders_of(const std::vector<Event>& events) {
  std::vector<Exact> orders;
  for (const Event& event : events)
    if (const auto* rdp = std::get_if<RdpLoss>(&event.loss))
      for (const RdpPoint& point : rdp->curve) orders.push_back(point.alpha);
  return orders;
}

/// 1 + 2^(i/steps) times `middle` - 1, for i from -reach to reach.
std::vector<Exact> orders_around(double middle, int steps, int reach) {
  std::vector<Exact> orders;
  for (int i = -reach; i <= reach; ++i)
    orders.push_back(1 + (middle - 1) * std::exp2(static_cast<double>(i) / steps));
  return orders;
}

/// What is composed of the events has at these orders, those first whose plain conversion is least, and
/// of them a few: the lossless conversion takes far longer, and is least near the same order.
std::vector<RdpPoint> promising(const std::vector<Event>& events, const std::vector<Exact>& orders,
                                const Exact& delta) {
  constexpr std::size_t kFew = 4;
  std::vector<std::pair<double, RdpPoint>> found;
  for (const Exact& alpha : orders) {
    const auto divergence = renyi_divergence(events, alpha);
    if (!divergence) continue;
    const RdpPoint point{alpha, divergence->upper};
    const auto epsilon = renyi_epsilon(std::span(&point, 1), delta);
    if (epsilon) found.emplace_back(epsilon->upper, point);
  }
  std::ranges::stable_sort(found, {}, &std::pair<double, RdpPoint>::first);
  std::vector<RdpPoint> best;
  for (std::size_t i = 0; i < std::min(kFew, found.size()); ++i) best.push_back(found[i].second);
  return best;
}

/// ε by the best conversion that a single order allows, where releases are told as zCDP or Rényi bounds.
/// Those are of one unit: of groups nothing is said.
std::optional<Bounds> lossless(const CompositionParams& params, const Asked& asked) {
  const auto is_bound = [](const Event& event) {
    return std::holds_alternative<ZcdpLoss>(event.loss) ||
           std::holds_alternative<RdpLoss>(event.loss);
  };
  if (asked.what != Asked::epsilon || params.group_size > 1) return {};
  if (std::ranges::none_of(params.events, is_bound)) return {};
  const std::vector<Exact> given = orders_of(params.events);
  auto curve = promising(params.events, given.empty() ? orders_around(34, 4, 48) : given, asked.at);
  if (curve.empty()) return {};
  if (given.empty())
    curve = promising(params.events, orders_around(curve.front().alpha.upper(), 64, 16), asked.at);
  const auto epsilon = lossless_epsilon(curve, asked.at);
  return epsilon ? std::optional(*epsilon) : std::nullopt;
}

std::string report_of(const Asked& asked, const Guarantee& answer,
                      const std::optional<Bounds>& lossless) {
  constexpr std::array kNames = {"delta", "epsilon", "beta"};
  std::vector<JsonField> fields = {{kNames[asked.what], json_bounds(answer.bound)},
                                   {"method", json_text(answer.method)},
                                   {"gap_met", answer.met ? "true" : "false"}};
  if (lossless) fields.push_back({"lossless", json_bounds(*lossless)});
  return json_document(fields);
}

/// A curve that was asked for, and where to.
struct Drawing {
  std::string file, bytes;
};

/// Equally far apart, from 0 to `last`.
std::vector<Exact> spaced(double last) {
  std::vector<Exact> all;
  for (int i = 0; i < kCurvePoints; ++i) all.emplace_back(last * i / (kCurvePoints - 1));
  return all;
}

Result<Drawing> drawing(CurveKind kind, const std::string& file, const std::vector<Exact>& at,
                        const Composition& composed) {
  const auto format = curve_format(file, kind == CurveKind::delta ? "curve" : "trade-off");
  if (!format) return format.error();
  const Result<std::vector<Guarantee>> answers =
      kind == CurveKind::delta ? composed.deltas(at) : composed.type_two_errors(at);
  if (!answers) return answers.error();
  std::vector<CurvePoint> points;
  for (std::size_t i = 0; i < at.size(); ++i)
    points.push_back({at[i].upper(), (*answers)[i].bound});
  return Drawing{file, render_curve(kind, points, *format)};
}

/// δ from 0 to twice the ε that was asked for or answered; β over all α.
Result<std::vector<Drawing>> drawings_of(const AccountArguments& given, const Composition& composed,
                                         const Asked& asked, const Guarantee& answer) {
  std::vector<Drawing> all;
  if (given.curve) {
    double middle = asked.what == Asked::delta ? asked.at.upper() : answer.bound.upper;
    if (!std::isfinite(middle) || middle <= 0) middle = 0.5;
    auto curve = drawing(CurveKind::delta, *given.curve, spaced(2 * middle), composed);
    if (!curve) return std::move(curve).error();
    all.push_back(*std::move(curve));
  }
  if (given.trade_off) {
    auto curve = drawing(CurveKind::beta, *given.trade_off, spaced(1), composed);
    if (!curve) return std::move(curve).error();
    all.push_back(*std::move(curve));
  }
  return all;
}

}  // namespace

// Curves are written before anything is answered: where they cannot be, standard output stays empty.
Result<int> run_account(CommandLine words) {
  const auto parsed = parse_account(words);
  if (const Stop* stop = std::get_if<Stop>(&parsed)) return show(*stop);
  const auto& given = std::get<AccountArguments>(parsed);

  const Status places = keep_apart({{"curve", given.curve}, {"trade-off", given.trade_off}}, {});
  if (!places) return places.error();
  const Result<Asked> asked = asked_of(given);
  if (!asked) return asked.error();
  const Result<CompositionParams> params = params_of(given);
  if (!params) return params.error();
  const Result<Composition> composed = Composition::make(*params);
  if (!composed) return composed.error();
  const Result<Guarantee> answer = answer_of(*composed, *asked);
  if (!answer) return answer.error();
  const auto drawings = drawings_of(given, *composed, *asked, *answer);
  if (!drawings) return drawings.error();
  for (const Drawing& each : *drawings)
    if (const Result<int> written = deliver(each.file, each.bytes); !written)
      return written.error();
  return deliver({}, report_of(*asked, *answer, lossless(*params, *asked)));
}

}  // namespace sfumato
