// Counts the rows of the table that the environment names.
#include <cstdlib>

#include "sfumato/io/table_reader.h"

int main() {
  auto table = sfumato::TableReader::open({std::getenv("TABLE")},
                                          {.keys = {"person"}, .numbers = {"visits"}})
                   .value();
  sfumato::Batch batch;
  std::size_t rows = 0;
  while (table.next(batch).value()) rows += batch.rows;
  return rows == 20190 ? 0 : 1;
}
