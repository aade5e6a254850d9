#include <algorithm>
#include <map>
#include <set>

#include "deid/hierarchy_file.h"
#include "deid/policy_words.h"
#include "sfumato/deid/release_policy.h"

namespace sfumato {
namespace {

constexpr std::int64_t kMostRows = std::int64_t{1} << 31;

constexpr Words<LossMetric> kMeasures[] = {
    {"loss", LossMetric::loss},
    {"geometric-loss", LossMetric::geometric_loss},
    {"discernibility", LossMetric::discernibility},
    {"discernibility-of-all", LossMetric::discernibility_of_all},
    {"average-class", LossMetric::average_class},
    {"precision", LossMetric::precision},
    {"entropy", LossMetric::entropy}};

std::uint64_t needed_count(Fields& fields, const std::string& name) {
  return static_cast<std::uint64_t>(fields.needed_whole(name, 1, kMostRows));
}

/// A share of rows, or of sensitive values.
Fraction share(Fields& fields, const std::string& name, const Fraction& value) {
  if (value.numerator() > value.denominator())
    fields.refuse(name, "'" + name + "' must be a share: at most 1");
  return value;
}

ReleaseModel read_k_anonymity(Fields& fields, ModelPolicy&, PolicyFiles&) {
  return KAnonymity{needed_count(fields, "k")};
}

ReleaseModel read_k_map(Fields& fields, ModelPolicy&, PolicyFiles&) {
  return KMap{needed_count(fields, "k")};
}

ReleaseModel read_distinct(Fields& fields, ModelPolicy&, PolicyFiles&) {
  return DistinctDiversity{needed_count(fields, "l")};
}

ReleaseModel read_entropy(Fields& fields, ModelPolicy&, PolicyFiles&) {
  const Fraction l = fields.needed_fraction("l");
  if (l.numerator() < l.denominator()) fields.refuse("l", "'l' must be at least 1");
  return EntropyDiversity{l};
}

ReleaseModel read_recursive(Fields& fields, ModelPolicy&, PolicyFiles&) {
  const RecursiveDiversity model{fields.needed_fraction("c"), needed_count(fields, "l")};
  if (model.c.numerator() == 0) fields.refuse("c", "'c' must be above 0");
  return model;
}

/// Which distance there is between sensitive values.
enum class Distance { equal, ordered, hierarchical };

ReleaseModel read_closeness(Fields& fields, ModelPolicy& model, PolicyFiles& files) {
  const Fraction t = share(fields, "t", fields.needed_fraction("t"));
  constexpr Words<Distance> kDistances[] = {{"equal", Distance::equal},
                                            {"ordered", Distance::ordered},
                                            {"hierarchical", Distance::hierarchical}};
  const Distance distance = fields.word<Distance>("distance", kDistances).value_or(Distance::equal);
  if (distance == Distance::equal) return EqualCloseness{t};
  if (distance == Distance::ordered) {
    model.order = fields.texts("order");
    if (std::set(model.order.begin(), model.order.end()).size() < model.order.size())
      fields.refuse("order", "'order' must list each value once");
    return OrderedCloseness{t};
  }
  const std::string file = fields.needed_text("file");
  Result<ValueHierarchy> read = read_hierarchy_file(files.place_of(file), files.read(file).get());
  if (!read) {
    fields.refuse("file", read.error().where + " " + read.error().message);
    return EqualCloseness{t};
  }
  return HierarchicalCloseness{t, std::make_shared<const ValueHierarchy>(*std::move(read))};
}

ReleaseModel read_beta(Fields& fields, ModelPolicy&, PolicyFiles&) {
  return BetaLikeness{fields.needed_fraction("beta"), fields.flag("enhanced").value_or(false)};
}

ReleaseModel read_disclosure(Fields& fields, ModelPolicy&, PolicyFiles&) {
  return DeltaDisclosure{fields.needed_fraction("delta"),
                         fields.flag("present-only").value_or(false)};
}

ReleaseModel read_presence(Fields& fields, ModelPolicy&, PolicyFiles&) {
  const Fraction nothing = Fraction::make(0).value();
  const DeltaPresence model{share(fields, "lower", fields.fraction("lower").value_or(nothing)),
                            share(fields, "upper", fields.needed_fraction("upper"))};
  return model;
}

struct Reader {
  std::string_view word;
  ReleaseModel (*read)(Fields& fields, ModelPolicy& model, PolicyFiles& files);
};

constexpr Reader kReaders[] = {{"k-anonymity", read_k_anonymity},
                               {"k-map", read_k_map},
                               {"distinct-l-diversity", read_distinct},
                               {"entropy-l-diversity", read_entropy},
                               {"recursive-l-diversity", read_recursive},
                               {"t-closeness", read_closeness},
                               {"beta-likeness", read_beta},
                               {"delta-disclosure", read_disclosure},
                               {"delta-presence", read_presence}};

/// Whether each value becomes the same whenever it is looked at, and what it becomes is released.
bool stands(const TransformParams& transform) {
  return !std::holds_alternative<DropParams>(transform) &&
         !std::holds_alternative<RedactParams>(transform) &&
         !std::holds_alternative<ReplaceParams>(transform) &&
         !std::holds_alternative<NoiseParams>(transform);
}

/// The column that a model asks for: the one that it names, else the only one that is sensitive.
std::string column_of(Fields& fields, const std::vector<ColumnPolicy>& columns) {
  std::vector<std::string> sensitive;
  for (const ColumnPolicy& column : columns)
    if (column.role == ColumnRole::sensitive && stands(column.transform))
      sensitive.push_back(column.column);
  const std::optional<std::string> named = fields.text("column");
  if (named && std::ranges::find(sensitive, *named) == sensitive.end())
    fields.refuse(
        "column",
        "'column' must be a column of role sensitive that is released, and without noise");
  if (!named && sensitive.size() != 1)
    fields.refuse("model", "needs 'column', the sensitive column that it is about");
  return named.value_or(sensitive.size() == 1 ? sensitive.front() : "");
}

Result<ModelPolicy> read_model(const TomlTable& table, TomlPlace place, const std::string& path,
                               const std::vector<ColumnPolicy>& columns, PolicyFiles& files) {
  Fields fields(table, place, path);
  std::vector<Words<const Reader*>> words;
  for (const Reader& reader : kReaders) words.emplace_back(reader.word, &reader);
  const auto reader = fields.word<const Reader*>("model", words);
  ModelPolicy model{.model = KAnonymity{1}, .where = at(path, place)};
  if (reader)
    model.model = (*reader)->read(fields, model, files);
  else
    fields.refuse("model", "needs 'model', as in {model = \"k-anonymity\", k = 5}");
  if (needs_sensitive(model.model)) model.column = column_of(fields, columns);
  if (Status done = fields.finish(); !done) return std::move(done).error();
  return model;
}

Status check_columns(Fields& fields, const std::vector<ColumnPolicy>& columns) {
  bool any = false;
  for (const ColumnPolicy& column : columns) {
    if (column.role != ColumnRole::quasi) continue;
    if (std::holds_alternative<NoiseParams>(column.transform))
      return Error{Errc::invalid_parameter, column.where,
                   "has noise, and a [release] generalises what stays the same: transform it "
                   "otherwise, or give it another role"};
    any = any || stands(column.transform);
  }
  if (!any) fields.refuse("models", "needs a column of role quasi that is released");
  return ok();
}

/// A column has one order, whatever models ask for it.
void check_orders(Fields& fields, const ReleasePolicy& release) {
  std::map<std::string, std::vector<std::string>> orders;
  for (const ModelPolicy& model : release.models)
    if (std::holds_alternative<OrderedCloseness>(model.model) &&
        orders.emplace(model.column, model.order).first->second != model.order)
      fields.refuse("models", "must give a column one order of its values");
}

void check_together(Fields& fields, const ReleasePolicy& release) {
  if (release.models.empty())
    fields.refuse("models", "needs 'models', as in models = [{model = \"k-anonymity\", k = 5}]");
  bool population = false;
  for (const ModelPolicy& model : release.models)
    population = population || needs_population(model.model);
  check_orders(fields, release);
  if (release.method == ReleasePolicy::Method::mondrian) {
    if (release.measure != LossMetric::loss)
      fields.refuse("measure",
                    "'measure' is loss where the method is mondrian, which is no optimum");
    if (population)
      fields.refuse("models", "k-map and delta-presence need method = \"full-domain\"");
    if (release.wildcards)
      fields.refuse("missing", "'missing' must be value where the method is mondrian");
  }
  if (population && !release.population)
    fields.refuse("models",
                  "needs 'population', a table of all who might be in this one: "
                  "k-map and delta-presence compare with it");
  if (!population && release.population)
    fields.refuse("population", "'population' has no meaning without k-map or delta-presence");
  if (release.wildcards && population)
    fields.refuse("missing", "'missing' must be value where a model compares with a population");
  if (release.wildcards && release.suppressed != ReleasePolicy::Suppressed::rows)
    fields.refuse("suppressed",
                  "'suppressed' must be drop where missing is wildcard: rows without "
                  "quasi-identifiers would be like any other");
  if (release.suppressed != ReleasePolicy::Suppressed::cells) return;
  if (release.method == ReleasePolicy::Method::mondrian || population ||
      release.measure != LossMetric::loss)
    fields.refuse("suppressed",
                  "'cells' needs method = \"full-domain\", measure = \"loss\" and models that "
                  "compare with no population");
}

std::string decimal(const Fraction& fraction) {
  std::string text = std::to_string(fraction.numerator());
  if (fraction.denominator() != 1) text.append("/").append(std::to_string(fraction.denominator()));
  return text;
}

struct Text {
  std::string operator()(const KAnonymity& model) const {
    return "k-anonymity, k = " + std::to_string(model.k);
  }
  std::string operator()(const DistinctDiversity& model) const {
    return "distinct l-diversity, l = " + std::to_string(model.l);
  }
  std::string operator()(const EntropyDiversity& model) const {
    return "entropy l-diversity, l = " + decimal(model.l);
  }
  std::string operator()(const RecursiveDiversity& model) const {
    return "recursive l-diversity, c = " + decimal(model.c) + ", l = " + std::to_string(model.l);
  }
  std::string operator()(const EqualCloseness& model) const {
    return "t-closeness, t = " + decimal(model.t);
  }
  std::string operator()(const OrderedCloseness& model) const {
    return "t-closeness by order, t = " + decimal(model.t);
  }
  std::string operator()(const HierarchicalCloseness& model) const {
    return "t-closeness by hierarchy, t = " + decimal(model.t);
  }
  std::string operator()(const BetaLikeness& model) const {
    return std::string(model.enhanced ? "enhanced " : "") +
           "β-likeness, β = " + decimal(model.beta);
  }
  std::string operator()(const DeltaDisclosure& model) const {
    return "δ-disclosure, δ = " + decimal(model.delta) +
           (model.present_only ? ", of values present" : "");
  }
  std::string operator()(const KMap& model) const {
    return "k-map, k = " + std::to_string(model.k);
  }
  std::string operator()(const DeltaPresence& model) const {
    return "δ-presence, " + decimal(model.lower) + " to " + decimal(model.upper);
  }
};

}  // namespace

std::vector<std::string> ReleasePolicy::sensitive() const {
  std::vector<std::string> columns;
  for (const ModelPolicy& model : models)
    if (!model.column.empty() && std::ranges::find(columns, model.column) == columns.end())
      columns.push_back(model.column);
  return columns;
}

std::string text_of(const ModelPolicy& model) {
  const std::string text = std::visit(Text{}, model.model);
  return model.column.empty() ? text : text + ", of " + model.column;
}

Result<ReleasePolicy> read_release(const TomlTable& table, TomlPlace place, const std::string& path,
                                   const std::vector<ColumnPolicy>& columns, PolicyFiles& files) {
  Fields fields(table, place, path);
  ReleasePolicy release{.models = {}, .where = at(path, place)};
  constexpr Words<std::optional<ReleasePolicy::Method>> kMethods[] = {
      {"full-domain", ReleasePolicy::Method::full_domain},
      {"mondrian", ReleasePolicy::Method::mondrian},
      {"safepub", std::nullopt}};
  const auto method = fields.word<std::optional<ReleasePolicy::Method>>("method", kMethods);
  if (method && !*method) return read_sampled(fields, std::move(release), columns);
  if (method) release.method = **method;
  release.suppression =
      share(fields, "suppression", fields.fraction("suppression").value_or(release.suppression));
  release.measure = fields.word<LossMetric>("measure", kMeasures).value_or(LossMetric::loss);
  using Suppressed = ReleasePolicy::Suppressed;
  constexpr Words<Suppressed> kSuppressed[] = {
      {"drop", Suppressed::rows}, {"null", Suppressed::all_cells}, {"cells", Suppressed::cells}};
  release.suppressed =
      fields.word<Suppressed>("suppressed", kSuppressed).value_or(Suppressed::rows);
  constexpr Words<bool> kMissing[] = {{"value", false}, {"wildcard", true}};
  release.wildcards = fields.word<bool>("missing", kMissing).value_or(false);
  if (const auto population = fields.text("population"))
    release.population = files.place_of(*population);
  for (const auto& [model, begin] : fields.tables("models")) {
    Result<ModelPolicy> read = read_model(*model, begin, path, columns, files);
    if (!read) return std::move(read).error();
    release.models.push_back(*std::move(read));
  }
  check_together(fields, release);
  if (Status checked = check_columns(fields, columns); !checked) return std::move(checked).error();
  if (Status done = fields.finish(); !done) return std::move(done).error();
  return release;
}

}  // namespace sfumato
