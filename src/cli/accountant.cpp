#include "cli/accountant.h"

#include <utility>

namespace sfumato {

Result<Accountant> Accountant::make(const CompositionParams& params) {
  if (params.group_size == 1) {
    Result<PrivacyCurve> formula = PrivacyCurve::make(params.events, params.relation);
    if (formula) return Accountant(*std::move(formula), {});
    if (formula.error().code != Errc::unsupported) return std::move(formula).error();
  }
  Result<Composition> composed = Composition::make(params);
  if (!composed) return std::move(composed).error();
  return Accountant({}, *std::move(composed));
}

Guarantee Accountant::by_formula(const Bounds& bounds) const {
  return {bounds, formula_->exact() ? "closed form" : "conversion", true};
}

Result<Guarantee> Accountant::delta(const Exact& epsilon) const {
  if (composed_) return composed_->delta(epsilon);
  const Result<Bounds> bounds = formula_->delta(epsilon);
  if (!bounds) return bounds.error();
  return by_formula(*bounds);
}

Result<Guarantee> Accountant::epsilon(const Exact& delta) const {
  if (composed_) return composed_->epsilon(delta);
  const Result<Bounds> bounds = formula_->epsilon(delta);
  if (!bounds) return bounds.error();
  return by_formula(*bounds);
}

}  // namespace sfumato
