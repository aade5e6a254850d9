#include <gtest/gtest.h>

#include "deid/detectors.h"
#include "deid/jumble.h"
#include "deid/transform.h"
#include "sfumato/deid/deidentify.h"
#include "sfumato/io/new_table.h"
#include "support/scratch.h"

// Texts in which what is found is replaced.

namespace sfumato {
namespace {

const KeyRing& keys_of_texts() {
  static const KeyRing made = KeyRing::generate().value();
  return made;
}

std::string text_policy(const std::string& lines) {
  return std::string("version = 1\ndefault = \"keep\"\n[columns.v]\nrole = \"sensitive\"\n")
      .append("transform = \"text\"\n")
      .append(lines);
}

std::string text_error(const std::string& lines, const Scratch& scratch = {}) {
  const auto policy = Policy::parse(text_policy(lines), scratch.path("p"));
  if (policy) return "no error";
  const std::string& where = policy.error().where;
  return where.substr(where.find(":")) + ": " + policy.error().message;
}

/// The transform of column v, with a ring.
TransformPointer transform_of(const std::string& lines, const Scratch& scratch = {}) {
  const Policy policy = Policy::parse(text_policy(lines), scratch.path("p")).value();
  ColumnKeys keys(&keys_of_texts(), policy.columns[0], policy.recipient);
  return make_transform(policy.columns[0], keys).value();
}

/// What becomes of values, "(invalid)" of what is not taken.
std::vector<std::string> remade(Transform& transform, const std::vector<std::string>& values) {
  TextStore store;
  Transformed out{std::vector<std::string_view>(values.size()),
                  std::vector<std::uint8_t>(values.size(), 0), store};
  const std::vector<std::string_view> views(values.begin(), values.end());
  transform.apply(views, {}, out);
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < values.size(); ++i)
    texts.push_back(out.invalid[i] ? "(invalid)" : std::string(out.texts[i]));
  return texts;
}

std::string one(const std::string& lines, const std::string& value, const Scratch& scratch = {}) {
  return remade(*transform_of(lines, scratch), {value})[0];
}

TEST(Text, WhatIsFoundBecomesALabelUnlessASectionSaysOtherwise) {
  const std::string text = "Card 4111 1111 1111 1111, mail A@b.cd or a@b.cd";
  EXPECT_EQ(one("detect = [\"payment-card\", \"email\"]\n", text),
            "Card [payment-card], mail [email] or [email]");
  EXPECT_EQ(one("detect = [\"email\"]\n", text),
            "Card 4111 1111 1111 1111, mail [email] or [email]");
  EXPECT_EQ(one("detect = [\"payment-card\", \"email\"]\n[columns.v.found.email]\n"
                "transform = \"replace\"\nwith = \"\"\n[columns.v.found.payment-card]\n"
                "transform = \"mask\"\nkeep-last = 4\nskip = \" \"\n",
                text),
            "Card **** **** **** 1111, mail  or ");
}

TEST(Text, AFindingBecomesTheTokenOfAColumnWithItsDomain) {
  const Scratch scratch;
  const std::string token =
      "transform = \"cmac-token\"\ndomain = \"mail\"\nnormalise = [\"ascii-lower-1\"]\n";
  const std::string text =
      one("detect = [\"email\"]\n[columns.v.found.email]\n" + token, "to A@b.cd!", scratch);
  const Policy column =
      Policy::parse("version = 1\n[columns.w]\nrole = \"identifier\"\n" + token, scratch.path("q"))
          .value();
  ColumnKeys keys(&keys_of_texts(), column.columns[0], std::nullopt);
  const TransformPointer alone = make_transform(column.columns[0], keys).value();
  EXPECT_EQ(text, "to " + remade(*alone, {"a@b.cd"})[0] + "!");
}

TEST(Text, ATokenIsOfWhatIsReadSoThatOneCardIsOneToken) {
  const auto texts = remade(
      *transform_of(
          "detect = [\"payment-card\"]\n[columns.v.found.payment-card]\n"
          "transform = \"hmac-token\"\ndomain = \"card\"\nnormalise = [\"digits-only-1\"]\n"),
      {"4111 1111 1111 1111", "4111-1111-1111-1111", "４１１１１１１１１１１１１１１１"});
  EXPECT_EQ(texts[0], texts[1]);
  EXPECT_EQ(texts[0], texts[2]);
}

TEST(Text, ACardIsEncryptedInItsForm) {
  const std::string card =
      one("detect = [\"payment-card\"]\n[columns.v.found.payment-card]\ntransform = \"ff1\"\n"
          "domain = \"card\"\nalphabet = \"digits\"\nkeep-prefix = 6\nskip = \" -\"\n"
          "check-digit = \"luhn\"\n",
          "4111 1111 1111 1111.");
  EXPECT_NE(card, "4111 1111 1111 1111.");
  EXPECT_EQ(card.substr(0, 7), "4111 11");
  EXPECT_EQ(one("detect = [\"payment-card\"]\n", card), "[payment-card].");
}

TEST(Text, AFindingThatItsTransformDoesNotTakeMakesTheTextInvalid) {
  EXPECT_EQ(one("detect = [\"phone\"]\n[columns.v.found.phone]\ntransform = \"ff1\"\n"
                "domain = \"phone\"\nalphabet = \"digits\"\n",
                "call +49 30 123456"),
            "(invalid)");
}

TEST(Text, WhatOthersAreJoinedToBecomesItsLabelWhateverWouldBecomeOfIt) {
  const std::string text = "+49 30 12345 4111 1111 1111 1111, +49 30 123456";
  const std::string detect = "detect = [\"phone\", \"payment-card\"]\n[columns.v.found.phone]\n";
  EXPECT_EQ(one(detect + "transform = \"mask\"\nkeep-last = 4\n", text), "[phone], *********3456");
  EXPECT_EQ(one(detect + "transform = \"replace\"\nwith = \"-\"\n", text), "-, -");
  const std::string token = one(detect + "transform = \"cmac-token\"\ndomain = \"phone\"\n", text);
  EXPECT_EQ(token.substr(0, 9), "[phone], ");
  EXPECT_EQ(token.find("1111"), token.npos);
}

TEST(Text, WithoutFindingsStaysByteForByte) {
  const TransformPointer transform =
      transform_of("detect = [\"payment-card\", \"email\", \"phone\", \"ipv6\"]\n");
  const std::vector<std::string> texts = {"",
                                          " ",
                                          "  trailing \t",
                                          "ｆｕｌｌ　ｗｉｄｔｈ １２",
                                          "a\u00A0b\u200Bc\uFEFF",
                                          "\r\n\n",
                                          "4111 1111 1111 1112",
                                          "e\u0301 é",
                                          "\x01\x7F"};
  EXPECT_EQ(remade(*transform, texts), texts);
}

TEST(Text, ThatIsNotUtf8IsInvalidAndOthersBesideItAreNot) {
  EXPECT_EQ(
      remade(*transform_of("detect = [\"email\"]\n"), {"a@b.cd", "a@b.cd \xFF", "x", "y a@b.cd"}),
      (std::vector<std::string>{"[email]", "(invalid)", "x", "y [email]"}));
}

TEST(Text, NothingOfAFindingIsLeft) {
  std::string lines = "detect = [";
  for (const DetectorLaw& law : detector_laws()) lines.append("\"").append(law.name).append("\", ");
  lines.append("]\n");
  const TransformPointer transform = transform_of(lines);
  std::vector<Detector> detectors;
  for (const DetectorLaw& law : detector_laws()) detectors.push_back(law.detector);
  TextFinder finder = TextFinder::make(detectors).value();
  std::mt19937_64 rng(11);
  std::vector<std::string> texts;
  for (int i = 0; i < 2000; ++i) texts.push_back(jumble(rng, 1 + static_cast<int>(rng() % 12)));
  const std::vector<std::string> made = remade(*transform, texts);
  std::size_t seen = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    std::vector<Finding> found, again;
    ASSERT_TRUE(finder.find(texts[i], found));
    seen += found.size();
    EXPECT_EQ(made[i] == texts[i], found.empty());
    // What stands between findings is what stood there, and in what is left nothing is found.
    std::string between;
    std::size_t at = 0;
    for (const Finding& finding : found) {
      between.append(texts[i].substr(at, finding.begin - at));
      between.append("[").append(detector_laws()[finding.by].name).append("]");
      at = finding.end;
    }
    EXPECT_EQ(made[i], between.append(texts[i].substr(at)));
    EXPECT_TRUE(finder.find(made[i], again));
    // But for an address beside a colon of which another had been the first: now a label stands there.
    std::erase_if(again, [](const Finding& finding) {
      return detector_laws()[finding.by].detector == Detector::ipv6;
    });
    EXPECT_TRUE(again.empty()) << texts[i] << "\n" << made[i];
  }
  EXPECT_GT(seen, 1500u);
}

TEST(Text, APolicyIsCheckedBeforeTheFirstRow) {
  const Scratch scratch;
  scratch.file("names", "Anna\r\n\nBen\n");
  scratch.file("empty", "\n");
  scratch.file("broken", "\xFF\n");
  const auto says = [&](const std::string& lines, const std::string& words) {
    const std::string error = text_error(lines, scratch);
    EXPECT_NE(error.find(words), std::string::npos) << lines << "\n" << error;
  };
  says("",
       ":3:10: needs 'detect', as in detect = [\"email\", \"phone\"], a dictionary or a pattern");
  says("detect = [\"mail\"]", ":6:1: 'detect' takes payment-card, iban, ");
  says("detect = [\"ipv4\", \"ipv4\"]", ":6:1: 'detect' must name each detector once");
  says("detect = [\"ipv4\"]\nregion = \"DE\"", ":7:1: 'region' says how phone numbers are dialled");
  says("detect = [\"phone\"]\nregion = \"XX\"", ":7:1: 'region' ");
  says("detect = \"ipv4\"", ":6:1: 'detect' must be a list of texts");
  says("detect = [\"ipv4\"]\nnormalise = [\"trim-1\"]", ":7:1: 'normalise' has no meaning here");
  says("detect = [\"ipv4\"]\nlongest = 2000000",
       "'longest' must be a whole number from 1 to 1048576");
  says("detect = [\"ipv4\"]\nfound = 3", "'found' must be a table");
  says("detect = [\"ipv4\"]\n[columns.v.found]\nipv4 = 3", "'ipv4' must be a table of its own");
  says("detect = [\"ipv4\"]\n[columns.v.found.ipv6]\ntransform = \"mask\"",
       ":8:1: 'ipv6' is not looked for: name it in 'detect', a dictionary or a pattern");
  says("detect = [\"ipv4\"]\n[columns.v.found.ipv4]\n", ":7:18: needs 'transform'");
  says("detect = [\"ipv4\"]\n[columns.v.found.ipv4]\ntransform = \"keep\"",
       ":8:1: 'transform' is 'keep' and must be replace, mask, choice, token, ");
  says("detect = [\"ipv4\"]\n[columns.v.found.ipv4]\ntransform = \"mask\"\nlast = 1\nfirts = 1",
       ":10:1: 'firts' has no meaning here; did you mean first?");
  says("[columns.v.dictionaries.x]\nfile = \"none\"", ":7:1: 'file' cannot be read");
  says("[columns.v.dictionaries.x]\nfile = \"empty\"", ":7:1: 'file' needs words to look for");
  says("[columns.v.dictionaries.x]\nfile = \"broken\"", ":7:1: 'file' must hold words in UTF-8");
  says("[columns.v.dictionaries.email]\nfile = \"names\"", "that no detector has");
  says("[columns.v.dictionaries.x]\nfile = \"names\"\nwords = \"part\"",
       "must be whole or anywhere");
  says("[columns.v.dictionaries.x]\nfile = \"names\"\ncase = \"no\"", "must be ignore or exact");
  const std::string pattern = "[columns.v.patterns.x]\n";
  says(pattern, ":6:21: needs 'regex'");
  says(pattern + "regex = '(a'",
       ":7:1: 'regex' must be an expression that RE2 takes: missing ): (a");
  says(pattern + "regex = '(?=a)'",
       ":7:1: 'regex' must be an expression that RE2 takes: invalid perl operator: (?=");
  says(pattern + "regex = '((a{100}){100}){100}'",
       ":7:1: 'regex' must be an expression that RE2 takes: ");
  says(pattern + "regex = '[\\p{L}\\p{N}]{900}[\\p{L}\\p{N}]{900}'", "pattern too large");
  says(pattern + "regex = 'a*'", ":7:1: 'regex' must not match the empty text");
  says(pattern + "regex = 'a'\nvalidator = \"crc\"",
       ":8:1: 'validator' is 'crc' and must be luhn, mod-97 or mod-11-2");
  says(pattern + "regex = 'a'\nwords = \"some\"", "must be whole or anywhere");
  says(pattern + "regex = 'a'\ncontext = [\"\"]",
       ":8:1: 'context' must hold words, none of them empty");
  says(pattern + "regex = 'a'\nfile = \"names\"", ":8:1: 'file' has no meaning here");
  says("[columns.v.patterns.email]\nregex = 'a'", "that no detector has");
  says("[columns.v.dictionaries.x]\nfile = \"names\"\n" + pattern + "regex = 'a'",
       "that no dictionary has");
  EXPECT_EQ(text_error("[columns.v.dictionaries.x]\nfile = \"names\"", scratch), "no error");
  const auto role = Policy::parse(
      "version = 1\n[columns.v]\nrole = \"identifier\"\ntransform = \"text\"\ndetect = [\"ipv4\"]",
      "p");
  ASSERT_FALSE(role);
  EXPECT_EQ(role.error().where, "p:3:1");
}

TEST(Text, ADictionaryIsAFileOfWords) {
  const Scratch scratch;
  scratch.file("names", "Anna \r\n\nBen Müller\u00A0\n");
  const std::string names = "[columns.v.dictionaries.names]\nfile = \"names\"\n";
  const std::string text = "ANNA, Annabel and ben müller";
  EXPECT_EQ(one(names, text, scratch), "[names], Annabel and [names]");
  EXPECT_EQ(one(names + "case = \"exact\"\n", text + ", Anna", scratch), text + ", [names]");
  EXPECT_EQ(one(names + "words = \"anywhere\"\n", text, scratch),
            "[names], [names]bel and [names]");
  EXPECT_EQ(one(names + "[columns.v.found.names]\ntransform = \"replace\"\nwith = \"N.\"\n", text,
                scratch),
            "N., Annabel and N.");
}

TEST(Text, APatternIsAnExpressionThatThePolicyStates) {
  const std::string record = "[columns.v.patterns.record]\nregex = 'MRN[ :]*\\d{6,8}'\n";
  EXPECT_EQ(one(record, "MRN: 1234567, MRN 12345, xMRN123456"), "[record], MRN 12345, xMRN123456");
  EXPECT_EQ(one(record + "words = \"anywhere\"\n", "xMRN1234567890"), "x[record]90");
  EXPECT_EQ(one(record + "[columns.v.found.record]\ntransform = \"mask\"\nkeep-last = 2\n",
                "(MRN 123456)"),
            "(********56)");
  // With a detector, of which equals come first.
  EXPECT_EQ(one("detect = [\"email\"]\n" + record, "MRN 123456, a@b.cd"), "[record], [email]");
  const std::string number = "[columns.v.patterns.n]\nregex = '[0-9X-]{4,19}'\n";
  EXPECT_EQ(one(number + "validator = \"luhn\"\n", "79927398713 79927398714"), "[n] 79927398714");
  EXPECT_EQ(one(number + "validator = \"mod-97\"\n", "794-44 794-45"), "[n] 794-45");
  // ORCID's example, and one that its check digit refuses.
  EXPECT_EQ(one(number + "validator = \"mod-11-2\"\n", "0000-0002-1694-233X 0000-0002-1694-2331"),
            "[n] 0000-0002-1694-2331");
  const std::string near = number + "context = [\"Konto\", \"account no\"]\n";
  EXPECT_EQ(one(near, "my KONTO is 12345, see 67890"), "my KONTO is [n], see [n]");
  EXPECT_EQ(one(near, "Kontoauszug 12345"), "Kontoauszug 12345");
  // Its spaces stand for any run of white space, as those of a dictionary do.
  for (const char* between : {" ", "  ", "\n", "\t\r\n "})
    EXPECT_EQ(one(near, std::string("account").append(between).append("no 12345")),
              std::string("account").append(between).append("no [n]"));
  EXPECT_EQ(one(near, "12345\n \naccount  \n no"), "[n]\n \naccount  \n no");
  EXPECT_EQ(one(near, "Konto" + std::string(61, '.') + "12345"),
            "Konto" + std::string(61, '.') + "12345");
}

TEST(Text, TheReportCountsTextsWithFindingsAndFindingsByWhatFoundThem) {
  const Scratch scratch;
  scratch.file("names", "Anna\n");
  std::string table = "v\n";
  for (int i = 0; i < 3; ++i) table += "a@b.cd to e@f.gh and Anna\nnothing\n+49 30 1234567\n\"\"\n";
  const Policy policy =
      Policy::parse(text_policy("detect = [\"phone\", \"email\", \"iban\"]\nmissing = \"null\"\n"
                                "[columns.v.dictionaries.names]\nfile = \"names\"\n"),
                    scratch.path("p"))
          .value();
  // A dictionary of a Parquet file comes as codes.
  const auto coded = columnar_bytes(
      {{{"v", std::vector<std::optional<std::string>>{"Anna", "x", "Anna", "a@b.cd", "Anna"}}}},
      ColumnarForm::parquet);
  const auto tally_of = [&](const std::string& in) {
    auto work = Deidentifier::open(policy, in, {});
    return std::move(*work).write(scratch.path("out"), {}).value().columns[0].tally;
  };
  const ColumnTally plain = tally_of(scratch.file("in.csv", table));
  EXPECT_EQ(plain.replaced, 6u);
  EXPECT_EQ(plain.untouched, 6u);
  EXPECT_EQ(plain.findings, (std::vector<std::uint64_t>{3, 6, 0, 3}));
  const ColumnTally repeated = tally_of(scratch.file("in.parquet", coded.value()));
  EXPECT_EQ(repeated.replaced, 4u);
  EXPECT_EQ(repeated.untouched, 1u);
  EXPECT_EQ(repeated.findings, (std::vector<std::uint64_t>{0, 1, 0, 3}));
}

TEST(Text, DoesNotHangOnThreads) {
  const Scratch scratch;
  std::string table = "v\n";
  std::mt19937_64 rng(3);
  for (int i = 0; i < 40'000; ++i) table += i % 3 ? "x a@b.cd\n" : "y 4111111111111111 a@b.cd\n";
  const Policy policy = Policy::parse(text_policy("detect = [\"email\", \"payment-card\"]\n"
                                                  "[columns.v.found.email]\ntransform = \"token\"\n"
                                                  "domain = \"mail\"\n"),
                                      scratch.path("p"))
                            .value();
  const std::string in = scratch.file("in.csv", table);
  std::string first;
  for (const int threads : {1, 3}) {
    auto work =
        Deidentifier::open(policy, in, {.format = {}, .threads = threads}, &keys_of_texts());
    ASSERT_TRUE(work) << work.error().message;
    const auto report = std::move(*work).write(scratch.path("out"), {});
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->columns[0].tally.replaced, 40'000u);
    EXPECT_EQ(report->columns[0].key_version, 1u);
    if (first.empty()) first = contents(scratch.path("out"));
    EXPECT_EQ(contents(scratch.path("out")), first);
  }
}

}  // namespace
}  // namespace sfumato
