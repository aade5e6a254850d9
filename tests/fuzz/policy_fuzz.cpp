#include "fuzz/target.h"
#include "sfumato/deid/policy.h"

namespace sfumato {

void take(std::string_view bytes) {
  const auto policy = Policy::parse(bytes, "file");
  if (!policy) {
    require(policy.error().where.starts_with("file:"));
    require(!policy.error().message.empty());
    return require(policy.error().message.find('\n') == std::string::npos);
  }
  require(!policy->columns.empty());
  for (const ColumnPolicy& column : policy->columns) {
    require(column.where.starts_with("file:") && column.longest > 0);
    const bool kept = std::holds_alternative<KeepParams>(column.transform);
    require(!kept || column.role != ColumnRole::identifier);
  }
}

std::vector<std::string> seeds() {
  const std::string column = "version = 1\n[columns.a]\nrole = \"quasi\"\n";
  return {
      "version = 1\ndefault = \"drop\"\nkeys = \"k\"\nrecipient = \"r\"\nmissing = \"null\"\n"
      "[columns.\"a b\"]\nrole = \"identifier\"\ntransform = \"token\"\ndomain = \"d\"\n"
      "normalise = [\"trim-1\", \"digits-only-1\"]\nlongest = 30\nkey-version = 2\n",
      column + "transform = \"mask\"\nkeep-first = 2\nwith = \"x\"\nskip = \"-\"\n",
      column + "transform = \"bucket\"\nwidth = 0.5\norigin = -1e3\nshow = \"low\"\n",
      column + "transform = \"bucket\"\nedges = [1, 2.5]\nlabels = [\"a\", \"b\", \"c\"]\n",
      column + "transform = \"limit\"\nlower = 1\nupper = 2\nbelow = \"x\"\n",
      column + "transform = \"noise\"\nepsilon = 1\nlower = 0\nupper = 2\nlaw = \"laplace\"\n",
      column +
          "transform = \"ff1\"\ndomain = \"d\"\nalphabet = \"digits\"\nkeep-prefix = 6\n"
          "skip = \" -\"\ncheck-digit = \"luhn\"\n",
      column +
          "transform = \"text\"\ndetect = [\"email\", \"phone\"]\n[columns.a.found.email]\n"
          "transform = \"mask\"\nlast = 2\n[columns.a.dictionaries.d]\nfile = \"f\"\n",
      column +
          "transform = \"text\"\n[columns.a.patterns.p]\nregex = 'A\\d{3,5}(x|[^y]+)?'\n"
          "validator = \"luhn\"\nwords = \"anywhere\"\ncontext = [\"b\"]\n",
      // Letters beyond ASCII where there may be some, and where there may be none.
      column + "transform = \"replace\" # é\nwith = \"\"\"é\\\n  ᠎é\"\"\"\n[columns.'⻩']\n",
      column + "transform = \"replace\"\nwith = 1é\né = '\u00a1'\n",
      column + "transform = \"choice\"\ndomain = \"d\"\nvalues = [\"a\", \"b\"]\n",
      column + "transform = \"date-shift\"\ndomain = \"d\"\nby = \"b\"\ndays = 30\n"};
}

}  // namespace sfumato
