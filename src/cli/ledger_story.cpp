#include "cli/ledger_story.h"

#include <algorithm>

namespace sfumato {
namespace {

LossMeasure measure_named(const std::string& word) {
  for (const LossMeasure measure : {LossMeasure::rho, LossMeasure::renyi})
    if (word == name_of(measure)) return measure;
  return LossMeasure::epsilon;
}

}  // namespace

void LedgerStory::take(const LedgerEntry& entry) {
  if (entry.number == 0) begin = entry.time;
  if (entry.kind == "dataset") datasets[entry.dataset] = {entry.time, measure_named(entry.words)};
  if (entry.kind == "charge") take_charge(entry);
  if (entry.kind == "store") take_step(entry.about, ChargeStory::Step::stored);
  if (entry.kind == "publish") take_step(entry.about, ChargeStory::Step::published);
  if (entry.kind == "refuse")
    refusals.push_back(
        {entry.number, entry.time, entry.actor, entry.dataset, entry.account, entry.words});
  if (entry.kind == "reidentify")
    reidentifications.push_back(
        {entry.number, entry.time, entry.actor, entry.version, entry.words, entry.about});
}

void LedgerStory::take_charge(const LedgerEntry& entry) {
  const auto dataset = datasets.find(entry.dataset);
  const LossMeasure measure =
      dataset == datasets.end() ? LossMeasure::epsilon : dataset->second.measure;
  charges.push_back({.number = entry.number,
                     .time = entry.time,
                     .actor = entry.actor,
                     .dataset = entry.dataset,
                     .account = entry.account,
                     .title = entry.words,
                     .version = entry.version,
                     .cost = {measure, entry.amount, entry.curve},
                     .attempt = entry.about,
                     .step = ChargeStory::Step::reserved,
                     .plan = entry.plan});
}

// Charges are in the order of their numbers.
void LedgerStory::take_step(std::int64_t charge, ChargeStory::Step step) {
  const auto found = std::ranges::lower_bound(charges, charge, {}, &ChargeStory::number);
  if (found != charges.end() && found->number == charge) found->step = step;
}

}  // namespace sfumato
