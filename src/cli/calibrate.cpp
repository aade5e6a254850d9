#include "sfumato/account/calibration.h"

#include <map>
#include <utility>

#include "cli/arguments.h"
#include "cli/json.h"
#include "cli/numbers.h"
#include "cli/output.h"
#include "cli/verbs.h"
#include "sfumato/account/composition.h"

namespace sfumato {
namespace {

constexpr std::int64_t kMostTimes = 1'000'000'000'000'000'000;

const std::map<std::string, ScaleFamily> kLaws = {
    {"gaussian", ScaleFamily::gaussian},
    {"laplace", ScaleFamily::laplace},
    {"discrete-gaussian", ScaleFamily::discrete_gaussian},
    {"discrete-laplace", ScaleFamily::discrete_laplace}};

Result<CalibrationParams> params_of(const CalibrateArguments& given) {
  const auto epsilon = read_decimal(given.epsilon, "epsilon");
  if (!epsilon) return epsilon.error();
  const auto delta = read_decimal(given.delta.value_or("0"), "delta");
  if (!delta) return delta.error();
  const auto sensitivity = read_decimal(given.sensitivity, "sensitivity");
  if (!sensitivity) return sensitivity.error();
  const auto times = read_whole(given.times.value_or("1"), "times", 1, kMostTimes);
  if (!times) return times.error();
  const auto q = read_decimal(given.q.value_or("1"), "q");
  if (!q) return q.error();
  return CalibrationParams{kLaws.at(given.law), *epsilon, *delta, *sensitivity, *times, *q};
}

Loss loss_of(double scale, const CalibrationParams& params) {
  const auto moves = static_cast<std::int64_t>(params.sensitivity.lower());  // of a discrete law
  if (params.law == ScaleFamily::gaussian) return GaussianLoss{scale, params.sensitivity};
  if (params.law == ScaleFamily::laplace) return LaplaceLoss{scale, params.sensitivity};
  if (params.law == ScaleFamily::discrete_gaussian) return DiscreteGaussianLoss{scale, moves};
  return DiscreteLaplaceLoss{scale, moves};
}

/// δ of all releases with this scale, asked once more.
Result<Guarantee> delta_at(double scale, const CalibrationParams& params) {
  Event event{loss_of(scale, params), NoSampling{}, params.times};
  if (params.q.lower() < 1) event.sampling = PoissonSampling{params.q};
  const Result<Composition> all = Composition::make({.events = {std::move(event)}});
  if (!all) return all.error();
  return all->delta(params.epsilon);
}

}  // namespace

Result<int> run_calibrate(CommandLine words) {
  const auto parsed = parse_calibrate(words);
  if (const Stop* stop = std::get_if<Stop>(&parsed)) return show(*stop);
  const auto& given = std::get<CalibrateArguments>(parsed);

  const Result<CalibrationParams> params = params_of(given);
  if (!params) return params.error();
  const Result<double> scale = least_scale(*params);
  if (!scale) return scale.error();
  const Result<Guarantee> reached = delta_at(*scale, *params);
  if (!reached) return reached.error();
  const char* name = given.law.ends_with("gaussian") ? "sigma" : "scale";
  return deliver({}, json_document({{name, json_number(*scale)},
                                    {"delta", json_bounds(reached->bound)},
                                    {"method", json_text(reached->method)}}));
}

}  // namespace sfumato
