#include <algorithm>

#include "deid/detectors.h"
#include "deid/policy_words.h"

namespace sfumato {
namespace {

/// What may become of a finding: each gives a text for a text.
constexpr std::string_view kForFindings[] = {"replace",    "mask",       "choice", "token",
                                             "cmac-token", "hmac-token", "ff1"};

std::string names_of_detectors() {
  std::string names;
  for (const DetectorLaw& law : detector_laws()) {
    const bool last = law.detector == detector_laws().back().detector;
    names.append(names.empty() ? "" : last ? " and " : ", ").append(law.name);
  }
  return names;
}

std::vector<Detector> read_detectors(Fields& fields) {
  std::vector<Detector> detectors;
  for (const std::string& name : fields.texts("detect")) {
    const auto law = std::ranges::find(detector_laws(), name, &DetectorLaw::name);
    if (law == detector_laws().end()) {
      fields.refuse("detect", "'detect' takes " + names_of_detectors());
      return {};
    }
    if (std::ranges::count(detectors, law->detector) > 0)
      fields.refuse("detect", "'detect' must name each detector once");
    detectors.push_back(law->detector);
  }
  return detectors;
}

constexpr Words<bool> kWhole[] = {{"whole", true}, {"anywhere", false}};

Dictionary read_dictionary(const std::string& name, Fields& fields, PolicyFiles& files) {
  Dictionary dictionary{.name = name, .words = {}};
  if (!is_name(name) || std::ranges::count(detector_laws(), name, &DetectorLaw::name) > 0)
    fields.refuse("file", "a dictionary must have a name of 1 to 100 bytes that no detector has");
  dictionary.words = read_lines(fields, files, fields.needed_text("file"));
  dictionary.whole = fields.word<bool>("words", kWhole).value_or(true);
  constexpr Words<bool> kCase[] = {{"ignore", true}, {"exact", false}};
  dictionary.ignore_case = fields.word<bool>("case", kCase).value_or(true);
  if (const auto made = TextFinder::make({}, std::span(&dictionary, 1)); !made)
    fields.refuse("file", "'file' " + made.error().message);
  return dictionary;
}

Pattern read_pattern(const std::string& name, Fields& fields) {
  Pattern pattern{.name = name, .regex = fields.needed_text("regex")};
  if (!is_name(name) || std::ranges::count(detector_laws(), name, &DetectorLaw::name) > 0)
    fields.refuse("regex", "a pattern must have a name of 1 to 100 bytes that no detector has");
  constexpr Words<Validator> kValidators[] = {
      {"luhn", Validator::luhn}, {"mod-97", Validator::mod_97}, {"mod-11-2", Validator::mod_11_2}};
  pattern.validator = fields.word<Validator>("validator", kValidators);
  pattern.whole = fields.word<bool>("words", kWhole).value_or(true);
  pattern.context = fields.texts("context");
  if (std::ranges::count(pattern.context, "") > 0)
    fields.refuse("context", "'context' must hold words, none of them empty");
  if (const auto made = TextFinder::make({}, {}, std::span(&pattern, 1)); !made)
    fields.refuse("regex", "'regex' " + made.error().message);
  return pattern;
}

/// What is found becomes its name in brackets, unless a section says otherwise.
ColumnPolicy labelled(std::string_view name) {
  return {.column = std::string(name),
          .role = ColumnRole::identifier,
          .transform = ReplaceParams{std::string("[").append(name).append("]")}};
}

void read_found(Fields& fields, PolicyFiles& files, std::vector<ColumnPolicy>& found) {
  fields.sections("found", [&](const std::string& name, const std::string& where, Fields& section) {
    const auto one = std::ranges::find(found, name, &ColumnPolicy::column);
    if (one == found.end())
      return section.refuse(
          "transform",
          "'" + name + "' is not looked for: name it in 'detect', a dictionary or a pattern");
    one->transform = read_transform(section, files, kForFindings);
    one->normalise = read_normalisers(section);
    one->where = where;
  });
}

}  // namespace

TransformParams read_text(Fields& fields, PolicyFiles& files) {
  TextParams text{read_detectors(fields), fields.text("region"), {}, {}, {}};
  if (text.region)
    if (const auto made = TextFinder::make(text.detect, {}, {}, text.region); !made)
      fields.refuse("region", "'region' " + made.error().message);
  fields.sections("dictionaries",
                  [&](const std::string& name, const std::string&, Fields& section) {
                    text.dictionaries.push_back(read_dictionary(name, section, files));
                  });
  fields.sections("patterns", [&](const std::string& name, const std::string&, Fields& section) {
    if (std::ranges::count(text.dictionaries, name, &Dictionary::name) > 0)
      section.refuse("regex", "a pattern must have a name that no dictionary has");
    text.patterns.push_back(read_pattern(name, section));
  });
  for (const Detector detector : text.detect) text.found.push_back(labelled(law_of(detector).name));
  for (const Dictionary& dictionary : text.dictionaries)
    text.found.push_back(labelled(dictionary.name));
  for (const Pattern& pattern : text.patterns) text.found.push_back(labelled(pattern.name));
  if (text.found.empty())
    fields.refuse(
        "detect",
        "needs 'detect', as in detect = [\"email\", \"phone\"], a dictionary or a pattern");
  read_found(fields, files, text.found);
  return text;
}

}  // namespace sfumato
