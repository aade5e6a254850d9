#include "sfumato/secagg/joint_result.h"

#include <cmath>
#include <limits>

#include "secagg/joint_cost.h"
#include "secagg/present_noise.h"
#include "secagg/whole_steps.h"

namespace sfumato {
namespace {

/// Reads the coordinates of one operation in one group.
class Reading {
 public:
  Reading(const JointOperation& operation, PresentNoise noise, double step)
      : op_(operation), noise_(std::move(noise)), step_(step) {}

  void read(std::span<const std::int64_t> sums, std::vector<JointValue>& into) const {
    switch (op_.answer) {
      case JointAnswer::count:
        return into.push_back(
            {"count", estimate_count(sums[0], noise_.law), noise_.standard_error});
      case JointAnswer::sum:
        return into.push_back(plain("sum(" + op_.columns[0] + ")", sums[0]));
      case JointAnswer::mean:
        return read_mean(sums, into);
      case JointAnswer::variance:
        return read_variance(sums, into);
      case JointAnswer::histogram:
        return read_bins(sums, into);
      case JointAnswer::vector_sum:
        for (std::size_t i = 0; i < sums.size(); ++i)
          into.push_back(plain("vector_sum(" + op_.columns[i] + ")", sums[i]));
    }
  }

 private:
  std::string named(const char* what) const { return what + ("(" + op_.columns[0] + ")"); }

  JointValue plain(std::string name, std::int64_t sum) const {
    return {std::move(name), estimate_sum(static_cast<double>(sum) * step_, noise_.law),
            noise_.standard_error};
  }

  ValueGrid grid() const {
    return ValueGrid::make_narrow(nearest_double(op_.lower), nearest_double(op_.upper)).value();
  }

  /// Of numbers that carry the noises of so many coordinates, multiplied by these.
  double error_of(std::initializer_list<double> factors) const {
    double square = 0;
    for (const double factor : factors) square += factor * factor;
    return noise_.standard_error * std::sqrt(square);
  }

  void read_mean(std::span<const std::int64_t> sums, std::vector<JointValue>& into) const {
    const ValueGrid bounds = grid();
    const double lower = bounds.lower(), upper = bounds.upper(), width = upper - lower;
    const Halves halves{static_cast<double>(sums[0]) * step_, static_cast<double>(sums[1]) * step_};
    const double all = halves.above + halves.below, slope = width / (all * all);
    into.push_back({named("mean"), estimate_mean(halves, bounds, noise_.law),
                    error_of({slope * halves.below, slope * halves.above})});
    into.push_back({named("count"), estimate_count(halves, bounds, noise_.law),
                    error_of({1 / width, 1 / width})});
    into.push_back({named("sum"), estimate_sum(halves, bounds, noise_.law),
                    error_of({upper / width, lower / width})});
  }

  void read_variance(std::span<const std::int64_t> sums, std::vector<JointValue>& into) const {
    const ValueGrid bounds = grid();
    const double lower = bounds.lower(), upper = bounds.upper(), middle = (lower + upper) / 2;
    const double square = (upper - lower) * (upper - lower), unit = step_ * step_;
    const Thirds thirds{static_cast<double>(sums[0]) * unit, static_cast<double>(sums[1]) * unit,
                        static_cast<double>(sums[2]) * unit};
    const double nothing = std::numeric_limits<double>::quiet_NaN();
    into.push_back({named("variance"), estimate_variance(thirds, bounds, noise_.law), nothing});
    into.push_back({named("mean"), estimate_mean(thirds, bounds, noise_.law), nothing});
    into.push_back({named("count"), estimate_count(thirds, bounds, noise_.law),
                    error_of({1 / square, 1 / square, 1 / square})});
    into.push_back({named("sum"), estimate_sum(thirds, bounds, noise_.law),
                    error_of({upper / square, middle / square, lower / square})});
  }

  void read_bins(std::span<const std::int64_t> sums, std::vector<JointValue>& into) const {
    for (std::size_t i = 0; i < sums.size(); ++i) {
      const bool last = i + 1 == sums.size();
      into.push_back({named("histogram") + "[" + op_.edges[i].to_string() + ", " +
                          op_.edges[i + 1].to_string() + (last ? "]" : ")"),
                      estimate_count(sums[i], noise_.law), noise_.standard_error});
    }
  }

  const JointOperation& op_;
  PresentNoise noise_;
  double step_;
};

/// What a lattice unit is worth, in units of the values.
double unit_of(const JointOperation& op, double step) {
  return op.answer == JointAnswer::variance ? step * step : step;
}

Result<PresentNoise> noise_on(const QueryPlan& plan, const JointOperation& op, double step,
                              std::size_t present, double confidence) {
  const Scale scale = Scale::make(op.noise).value();
  const double unit = unit_of(op, step);
  if (plan.terms().law == JointLaw::polya)
    return present_polya(scale, plan.honest(), present, unit, confidence);
  const double width = scale.to_double_up();
  const double deviation = plan.terms().law == JointLaw::skellam ? std::sqrt(width) : width;
  return present_gaussian(deviation, present, unit, confidence);
}

Status check_sums(const QueryPlan& plan, std::size_t sums, std::size_t present, double confidence) {
  if (sums != plan.lattice().size())
    return Error{Errc::malformed, "sums", "must be one for each coordinate of the plan"};
  const std::size_t fewest = plan.contributors() - plan.terms().dropouts;
  if (present < fewest || present > plan.contributors())
    return Error{Errc::refused, "organisations",
                 "must be " + std::to_string(fewest) + " to " +
                     std::to_string(plan.contributors()) +
                     " whose noise is in the sums: with fewer it is not enough"};
  if (!(confidence > 0 && confidence < 1))
    return Error{Errc::invalid_parameter, "confidence", "must lie between 0 and 1"};
  return ok();
}

}  // namespace

Result<JointResult> decode(const QueryPlan& plan, std::span<const std::int64_t> sums,
                           std::size_t present, double confidence) {
  const Status fit = check_sums(plan, sums.size(), present, confidence);
  if (!fit) return fit.error();
  const PlanTerms& terms = plan.terms();
  const JointLattice& lattice = plan.lattice();
  const auto outsiders = joint_cost(terms, lattice, present);
  const auto colluders = joint_cost(terms, lattice, present - terms.colluders);
  if (!outsiders) return outsiders.error();
  if (!colluders) return colluders.error();
  JointResult result{.groups = std::vector<JointGroup>(lattice.groups()),
                     .present = present,
                     .confidence = confidence,
                     .outsiders = *outsiders,
                     .colluders = *colluders};
  for (std::size_t group = 0; group < terms.groups.size(); ++group)
    result.groups[group].key = terms.groups[group];
  for (std::size_t i = 0; i < terms.operations.size(); ++i) {
    const JointOperation& op = terms.operations[i];
    const LatticePart& part = lattice.parts()[i];
    const double step = op.step.sign() > 0 ? nearest_double(op.step) : 1;
    auto noise = noise_on(plan, op, step, present, confidence);
    if (!noise) return std::move(noise).error();
    const Reading reading(op, *std::move(noise), step);
    for (std::size_t group = 0; group < lattice.groups(); ++group)
      reading.read(sums.subspan(part.first + group * part.per_group, part.per_group),
                   result.groups[group].values);
  }
  return result;
}

}  // namespace sfumato
