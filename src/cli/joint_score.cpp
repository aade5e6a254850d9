#include "cli/joint_score.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "cli/display.h"
#include "cli/joint_home.h"
#include "cli/numbers.h"
#include "cli/output.h"
#include "cli/places.h"
#include "io/cell.h"
#include "secagg/whole_steps.h"
#include "sfumato/federated/model_state.h"
#include "sfumato/federated/trained_model.h"
#include "sfumato/io/table_rewriter.h"

namespace sfumato {
namespace {

constexpr std::size_t kLongestModel = 1 << 20;

Result<std::vector<double>> thresholds_of(const std::string& text) {
  std::vector<double> thresholds;
  std::string_view rest = text;
  for (bool more = true; more;) {
    const std::size_t comma = rest.find(',');
    more = comma != rest.npos;
    const auto read = read_decimal(std::string(rest.substr(0, comma)), "threshold");
    if (!read) return read.error();
    const double threshold = nearest_double(*read);
    if (!(threshold > 0 && threshold < 1) ||
        (!thresholds.empty() && threshold <= thresholds.back()))
      return Error{Errc::invalid_parameter, "threshold", "must be risks between 0 and 1 that rise"};
    thresholds.push_back(threshold);
    rest.remove_prefix(more ? comma + 1 : rest.size());
  }
  return thresholds;
}

Result<TrainedModel> model_of(const std::string& file) {
  const auto text = text_of(file, kLongestModel);
  if (!text) return text.error();
  auto model = TrainedModel::parse(*text);
  if (!model) return Error{model.error().code, file, model.error().message};
  return model;
}

/// The two new cells of a row, one after the other in one buffer for all rows.
class Scores {
 public:
  Scores(const Logistic& model, const std::vector<double>& weights,
         const std::vector<double>& thresholds)
      : weights_(weights), thresholds_(thresholds), model_(model) {}

  void rewrite(const TextRows& rows, NewRows& out) const {
    auto texts = std::make_shared<std::string>();
    std::vector<std::pair<std::size_t, std::size_t>> ends(rows.rows);  // of risk and band in it
    for (std::size_t row = 0; row < rows.rows; ++row) {
      if (const auto risk = risk_of(rows, row)) {
        const std::string written = fmt::format("{:.6f}", *risk);
        *texts += written;
        ends[row].first = texts->size();
        *texts += std::to_string(band_of(written));
      } else {
        ends[row].first = texts->size();
      }
      ends[row].second = texts->size();
    }
    std::size_t begin = 0;
    for (const auto& [risk, band] : ends) {
      const std::string_view all = *texts;
      const bool none = risk == begin;
      out.columns[0].entries.push_back(none ? std::string_view() : all.substr(begin, risk - begin));
      out.columns[1].entries.push_back(none ? std::string_view() : all.substr(risk, band - risk));
      begin = band;
    }
    for (NewColumn& column : out.columns) column.kept.push_back(texts);
  }

 private:
  std::optional<double> risk_of(const TextRows& rows, std::size_t row) const {
    std::vector<double> values, x(model_.size());
    for (const TextColumn& column : rows.columns) {
      const std::string_view cell = column.entries[column.codes.empty() ? row : column.codes[row]];
      const Number number = cell.data() ? number_of_text(cell) : Number();
      if (number.kind == Number::Kind::null) return std::nullopt;
      values.push_back(number.kind == Number::Kind::integer ? static_cast<double>(number.integer)
                                                            : number.real);
    }
    model_.scale(values, x);
    return Logistic::risk(weights_, x);
  }

  /// Of the risk as it is written: who reads the file finds the same.
  std::size_t band_of(const std::string& written) const {
    double risk = 0;
    std::from_chars(written.data(), written.data() + written.size(), risk);
    return static_cast<std::size_t>(
        std::ranges::count_if(thresholds_, [&](double threshold) { return risk >= threshold; }));
  }

  const std::vector<double>& weights_;
  const std::vector<double>& thresholds_;
  const Logistic& model_;
};

Result<ColumnFates> fates(const Logistic& model, const std::string& file,
                          const std::vector<std::string>& names) {
  ColumnFates chosen{.added = {{"risk", true}, {"band", true}}};
  for (const ModelFeature& feature : model.features()) {
    if (std::ranges::find(names, feature.column) == names.end())
      return Error{Errc::unavailable, file, "has no column '" + feature.column + "'"};
    chosen.read.push_back(feature.column);
  }
  return chosen;
}

}  // namespace

Result<int> joint_score(const JointArguments& given) {
  const auto thresholds = thresholds_of(given.thresholds);
  if (!thresholds) return thresholds.error();
  std::vector<Place> kept = {{"model", given.model}};
  add_tables(kept, {given.input});
  if (const Status apart = keep_apart({{"output", given.output}}, kept); !apart)
    return apart.error();
  const auto trained = model_of(given.model);
  if (!trained) return trained.error();
  const auto model = Logistic::make(trained->features);
  if (!model) return model.error();
  const auto threads = threads_of({});
  if (!threads) return threads.error();
  auto table = TableRewriter::open(
      given.input, [&](const auto& names) { return fates(*model, given.input, names); },
      {.threads = *threads});
  if (!table) return std::move(table).error();
  const std::vector<double> weights = weight_values(trained->weights);
  const Scores scores(*model, weights, *thresholds);
  const auto done = std::move(*table).write(*given.output,
                                            [&](std::size_t, const TextRows& rows, NewRows& out) {
                                              return scores.rewrite(rows, out), ok();
                                            },
                                            {});
  if (!done) return done.error();
  return deliver(
      {}, fmt::format("{}\n", counted(static_cast<std::int64_t>(done->rows_written), "row")));
}

}  // namespace sfumato
