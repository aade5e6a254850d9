#pragma once

#include <string>
#include <vector>

#include "secagg/three_clinics.h"
#include "sfumato/secagg/query_plan.h"

namespace sfumato {

inline Decimal decimal(std::string_view text) {
  return Decimal::parse(text).value();
}

/// Readmissions of three clinics by region and age band: a count, a mean, a histogram.
inline PlanTerms example_terms() {
  PlanTerms terms{.title = "readmissions by region and age",
                  .datasets = {{0, "stays", "2026"}, {1, "stays", "2026"}, {2, "beds", ""}},
                  .unit = "patient",
                  .by = {"region", "age"},
                  .groups = {{"north", "0-17"}, {"north", "18+"}, {"south", "18+"}},
                  .operations = {},
                  .bounds = {.max_groups = 2, .max_rows = 3},
                  .organisations_per_person = 1,
                  .most_rows = 100'000,
                  .law = JointLaw::polya,
                  .measure = JointMeasure::epsilon,
                  .loss = decimal("1.5"),
                  .delta = {},
                  .colluders = 1,
                  .dropouts = 0,
                  .threshold = 2,
                  .coordinator = JointCoordinator::honest,
                  .coordinated_by = {"agency", key_of(77).public_key()},
                  .modulus_bits = 64,
                  .expires = 1'800'000'000,
                  .nonce = {}};
  terms.operations.push_back({.answer = JointAnswer::count, .noise = decimal("12")});
  terms.operations.push_back({.answer = JointAnswer::mean,
                              .columns = {"days"},
                              .lower = decimal("0"),
                              .upper = decimal("30"),
                              .step = decimal("0.5"),
                              .noise = decimal("720")});
  terms.operations.push_back({.answer = JointAnswer::histogram,
                              .columns = {"readmitted"},
                              .edges = {decimal("0"), decimal("1"), decimal("2"), decimal("100")},
                              .noise = decimal("12")});
  for (unsigned char i = 0; unsigned char& byte : terms.nonce) byte = i++;
  return terms;
}

inline QueryPlan example_plan() {
  return QueryPlan::make(example_terms(), clinic_roster()).value();
}

/// The same with discrete Gaussian noise of each organisation, at δ = 1e-6.
inline PlanTerms gaussian_terms() {
  PlanTerms terms = example_terms();
  terms.law = JointLaw::discrete_gaussian;
  terms.loss = decimal("1");
  terms.delta = decimal("1e-6");
  terms.operations[0].noise = decimal("25");
  terms.operations[1].noise = decimal("1500");
  terms.operations[2].noise = decimal("25");
  return terms;
}

/// The same with Skellam noise of the same variances.
inline PlanTerms skellam_terms() {
  PlanTerms terms = gaussian_terms();
  terms.law = JointLaw::skellam;
  for (const std::size_t i : {0u, 2u}) terms.operations[i].noise = decimal("625");
  terms.operations[1].noise = decimal("2.25e6");
  return terms;
}

/// The same Gaussian noise, counted in ρ.
inline PlanTerms concentrated_terms() {
  PlanTerms terms = gaussian_terms();
  terms.measure = JointMeasure::rho;
  terms.loss = decimal("0.03");
  terms.delta = {};
  return terms;
}

inline QueryPlan gaussian_plan() {
  return QueryPlan::make(gaussian_terms(), clinic_roster()).value();
}

}  // namespace sfumato
