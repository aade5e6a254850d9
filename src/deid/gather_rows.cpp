#include "deid/gather_rows.h"

#include "sfumato/random/system_bits.h"

namespace sfumato {

Result<std::unique_ptr<GatheredColumns>> gather_rows(TableRewriter table, TableWork& work,
                                                     const std::string& file,
                                                     const std::vector<ColumnPolicy>& columns,
                                                     const std::function<void(double)>& progress) {
  Result<SystemBits> bits = SystemBits::open();
  if (!bits) return std::move(bits).error();
  std::vector<std::uint64_t> seeds;
  std::vector<TableWork::Place> places;
  for (const ColumnPolicy& column : columns) {
    seeds.push_back(bits->next());
    places.push_back(*work.place_of(column.column));
  }
  auto gathered = std::make_unique<GatheredColumns>(seeds);
  const auto rewrite = [&](std::size_t thread, const TextRows& rows, NewRows& out) {
    return work.rewrite(thread, rows, out, file);
  };
  const auto take = [&](const TextRows& rows, const NewRows& made) {
    std::vector<TextColumn> cells;
    for (const TableWork::Place& place : places)
      cells.push_back(place.replaced
                          ? TextColumn{made.columns[place.at].entries, made.columns[place.at].codes}
                          : rows.columns[place.at]);
    gathered->add(rows.first, rows.rows, cells, made.suppressed);
  };
  const auto read = std::move(table).read(rewrite, take, progress);
  if (!read) return read.error();
  return gathered;
}

}  // namespace sfumato
