#include <algorithm>

#include "deid/transform.h"
#include "sfumato/deid/text_finder.h"

namespace sfumato {
namespace {

/// What becomes of the findings of one detector, or dictionary.
struct Fate {
  ColumnPolicy policy;
  std::string label;           // of one that others are joined to
  TransformPointer transform;  // null: one text stands for all

  Fate copy() const { return {policy, label, transform ? transform->copy() : nullptr}; }
};

class FreeText : public Transform {
 public:
  FreeText(TextFinder finder, std::vector<Fate> fates)
      : finder_(std::move(finder)), fates_(std::move(fates)) {}

  void apply(std::span<const std::string_view> values, std::span<const std::string_view>,
             Transformed& out) override {
    found_.clear();
    pieces_.clear();
    std::vector<std::size_t> ends;  // of each value's findings
    for (std::size_t i = 0; i < values.size(); ++i) {
      out.invalid[i] = finder_.find(values[i], found_) ? 0 : 1;
      take_pieces(ends.empty() ? 0 : ends.back(), out.store);
      ends.push_back(found_.size());
    }
    for (std::size_t by = 0; by < fates_.size(); ++by)
      if (fates_[by].transform) replace(by, out.store);
    std::size_t begin = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto pieces = std::span(pieces_).subspan(begin, ends[i] - begin);
      if (std::ranges::any_of(pieces, [](const Piece& piece) { return piece.invalid; }))
        out.invalid[i] = 1;
      if (out.invalid[i] == 0)
        out.texts[i] = pieces.empty() ? values[i] : put(values[i], begin, pieces, out.store);
      begin = ends[i];
    }
    count(ends, out);
  }

  std::size_t kinds() const override { return fates_.size(); }

  TransformPointer copy() const override {
    std::vector<Fate> fates;
    for (const Fate& fate : fates_) fates.push_back(fate.copy());
    return std::make_unique<FreeText>(finder_.copy(), std::move(fates));
  }

 private:
  void count(std::span<const std::size_t> ends, Transformed& out) const {
    out.found.assign(ends.size() * kinds(), 0);
    std::size_t at = 0;
    for (std::size_t i = 0; i < ends.size(); ++i)
      for (; at < ends[i]; ++at) ++out.found[i * kinds() + found_[at].by];
  }

  /// What stands for a finding; before it is replaced, the finding as it is read and normalised.
  struct Piece {
    std::string_view text;
    bool invalid = false;
  };

  void take_pieces(std::size_t first, TextStore& store) {
    for (std::size_t i = first; i < found_.size(); ++i) {
      const Fate& fate = fates_[found_[i].by];
      if (const auto* label = std::get_if<ReplaceParams>(&fate.policy.transform))
        pieces_.push_back({label->with});
      else if (found_[i].joined)
        pieces_.push_back({fate.label});
      else
        pieces_.push_back(
            {normalised(store.keep(finder_.as_read(i - first)), fate.policy.normalise, store)});
    }
  }

  /// All findings of one kind side by side, but for those that others are joined to.
  void replace(std::size_t by, TextStore& store) {
    std::vector<std::string_view> texts;
    std::vector<Piece*> places;
    for (std::size_t i = 0; i < found_.size(); ++i)
      if (found_[i].by == by && !found_[i].joined)
        texts.push_back(pieces_[i].text), places.push_back(&pieces_[i]);
    Transformed made{std::vector<std::string_view>(texts.size()),
                     std::vector<std::uint8_t>(texts.size(), 0), store};
    fates_[by].transform->apply(texts, {}, made);
    for (std::size_t i = 0; i < texts.size(); ++i)
      *places[i] = {made.texts[i], made.invalid[i] != 0};
  }

  std::string_view put(std::string_view value, std::size_t first, std::span<const Piece> pieces,
                       TextStore& store) {
    text_.clear();
    std::size_t at = 0;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      const Finding& finding = found_[first + i];
      text_.append(value.substr(at, finding.begin - at)).append(pieces[i].text);
      at = finding.end;
    }
    text_.append(value.substr(at));
    return store.keep(text_);
  }

  TextFinder finder_;
  std::vector<Fate> fates_;
  std::vector<Finding> found_;  // of all values
  std::vector<Piece> pieces_;   // of each
  std::string text_;
};

}  // namespace

Result<TransformPointer> text_transform(const TextParams& params, ColumnKeys& keys) {
  Result<TextFinder> finder =
      TextFinder::make(params.detect, params.dictionaries, params.patterns, params.region);
  if (!finder) return std::move(finder).error();
  std::vector<Fate> fates;
  for (const ColumnPolicy& policy : params.found) {
    ColumnKeys found = keys.of(policy);
    Result<TransformPointer> transform = make_transform(policy, found);
    if (!transform) return std::move(transform).error();
    keys.told(found);
    fates.push_back({policy, "[" + policy.column + "]", *std::move(transform)});
  }
  return TransformPointer(std::make_unique<FreeText>(*std::move(finder), std::move(fates)));
}

}  // namespace sfumato
