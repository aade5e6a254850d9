#include "deid/transform.h"

namespace sfumato {
namespace {

struct Make {
  Result<TransformPointer> operator()(const MaskParams& params) const {
    return mask_transform(params);
  }
  Result<TransformPointer> operator()(const BucketParams& params) const {
    return bucket_transform(params);
  }
  Result<TransformPointer> operator()(const LimitParams& params) const {
    return limit_transform(params);
  }
  Result<TransformPointer> operator()(const RoundParams& params) const {
    return round_transform(params);
  }
  Result<TransformPointer> operator()(const DatePartParams& params) const {
    return date_part_transform(params);
  }
  Result<TransformPointer> operator()(const HierarchyParams& params) const {
    return hierarchy_transform(params);
  }
  Result<TransformPointer> operator()(const NoiseParams& params) const {
    return noise_transform(params);
  }
  /// Those that look at no value are done without.
  template <class Params>
  Result<TransformPointer> operator()(const Params&) const {
    return TransformPointer();
  }
};

}  // namespace

Result<TransformPointer> make_transform(const ColumnPolicy& column) {
  Result<TransformPointer> made = std::visit(Make{}, column.transform);
  if (!made)
    return Error{made.error().code, column.where, made.error().where + " " + made.error().message};
  return made;
}

}  // namespace sfumato
