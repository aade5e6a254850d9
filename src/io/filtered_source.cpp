#include "io/filtered_source.h"

#include <arrow/array.h>
#include <arrow/array/builder_primitive.h>
#include <arrow/compute/api_vector.h>
#include <arrow/compute/initialize.h>
#include <arrow/datum.h>
#include <arrow/record_batch.h>
#include <arrow/type.h>

#include <algorithm>

#include "io/keep_where.h"

namespace sfumato {
namespace {

using Keep = std::vector<char>;

class FilteredSource : public Source {
 public:
  FilteredSource(std::unique_ptr<Source> rows, std::string path, const ColumnsWanted& wanted)
      : rows_(std::move(rows)), path_(std::move(path)), wanted_(wanted) {}

  Result<std::shared_ptr<arrow::RecordBatch>> next() override {
    auto batch = rows_->next();
    if (!batch || !*batch) return batch;
    Keep keep(static_cast<std::size_t>((*batch)->num_rows()), 1);
    for (std::size_t i = 0; i < wanted_.where.size(); ++i)
      if (!keep_where(wanted_.where[i], (*batch)->column(static_cast<int>(wanted_.filters[i])),
                      keep))
        return unreadable();
    auto kept = take(**batch, keep);
    if (!kept.ok()) return unreadable();
    return *kept;
  }

  double share() const override { return rows_->share(); }

  std::shared_ptr<arrow::Schema> schema() const override {
    arrow::FieldVector fields = rows_->schema()->fields();
    fields.resize(wanted_.shown);
    return arrow::schema(std::move(fields));
  }

  bool integers(std::size_t column) const override { return rows_->integers(column); }

 private:
  Error unreadable() const {
    return {Errc::malformed, path_, "has a column whose cells cannot be read"};
  }

  arrow::Result<std::shared_ptr<arrow::RecordBatch>> take(const arrow::RecordBatch& batch,
                                                          const Keep& keep) const {
    arrow::FieldVector fields;
    arrow::ArrayVector columns;
    for (int i = 0; i < static_cast<int>(wanted_.shown); ++i) {
      fields.push_back(batch.schema()->field(i));
      columns.push_back(batch.column(i));
    }
    const std::int64_t left = std::ranges::count(keep, char{1});
    if (left < batch.num_rows() && !columns.empty()) {
      static const arrow::Status ready = arrow::compute::Initialize();
      ARROW_RETURN_NOT_OK(ready);
      arrow::BooleanBuilder mask;
      ARROW_RETURN_NOT_OK(
          mask.AppendValues(reinterpret_cast<const std::uint8_t*>(keep.data()), batch.num_rows()));
      ARROW_ASSIGN_OR_RAISE(const std::shared_ptr<arrow::Array> kept, mask.Finish());
      for (auto& column : columns) {
        ARROW_ASSIGN_OR_RAISE(const arrow::Datum filtered, arrow::compute::Filter(column, kept));
        column = filtered.make_array();
      }
    }
    return arrow::RecordBatch::Make(arrow::schema(fields), left, columns);
  }

  std::unique_ptr<Source> rows_;
  std::string path_;
  ColumnsWanted wanted_;
};

}  // namespace

std::unique_ptr<Source> filtered(std::unique_ptr<Source> rows, const std::string& path,
                                 const ColumnsWanted& wanted) {
  return std::make_unique<FilteredSource>(std::move(rows), path, wanted);
}

}  // namespace sfumato
