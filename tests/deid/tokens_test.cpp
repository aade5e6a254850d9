#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <set>
#include <sstream>

#include "deid/token_text.h"
#include "sfumato/deid/deidentify.h"
#include "support/scratch.h"
#include "support/small_disk.h"

// Tokens, FF1 columns, keyed choices and shifts of dates, end to end: of a table that becomes another.

namespace sfumato {
namespace {

KeyRing new_ring() {
  return KeyRing::generate().value();
}

/// One ring for all tests that need no other.
const KeyRing& ring() {
  static const KeyRing made = new_ring();
  return made;
}

using Rows = std::vector<std::string>;

std::string table_of(const std::string& header, const Rows& rows) {
  std::string table = header;
  for (const std::string& row : rows) table.append("\n").append(row);
  return table.append("\n");
}

Rows rows_of(const std::string& table) {
  Rows rows;
  std::istringstream lines(table);
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) rows.push_back(line);
  return rows;
}

struct Remade {
  Rows rows;
  std::string error;
};

enum class Way { forth, back };

Status noted(const DeidReport&) {
  return ok();
}

Remade run(const std::string& policy, const std::string& table, const KeyRing& keys,
           Way way = Way::forth, int threads = 1) {
  const Scratch scratch;
  const auto failed = [](const Error& error) {
    return Remade{{}, std::string(error.where).append(": ").append(error.message)};
  };
  const auto read = Policy::parse(policy, "p.toml");
  if (!read) return failed(read.error());
  const std::string in = scratch.file("in.csv", table);
  auto work = way == Way::forth
                  ? Deidentifier::open(*read, in, {.threads = threads}, &keys)
                  : Deidentifier::reverse(*read, in, {.threads = threads}, keys, noted);
  if (!work) return failed(work.error());
  const auto done = std::move(*work).write(scratch.path("out"), {});
  if (!done) {
    EXPECT_EQ(scratch.files(), 1u);
    return failed(done.error());
  }
  return {rows_of(contents(scratch.path("out"))), ""};
}

std::string column(const std::string& transform, const std::string& top = "") {
  return std::string("version = 1\ndefault = \"keep\"\n")
      .append(top)
      .append("\n[columns.v]\nrole = \"identifier\"\ntransform = ")
      .append(transform)
      .append("\n");
}

const std::string kToken = "\"token\"\ndomain = \"patient\"";

TEST(TokenText, IsBase64OfHeadAndBytes) {
  TextStore store;
  const TokenHead head{1, 0x01020304, 0x0506};
  // printf '\x01\x01\x02\x03\x04\x05\x06\xff\xfe\xfd' | base64 | tr +/ -_
  const std::string text(token_text(bytes_of(head), "\xff\xfe\xfd", store));
  EXPECT_EQ(text, "AQECAwQFBv_-_Q");
  const auto read = read_token(text);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->head, head);
  EXPECT_EQ(read->bytes, "\xff\xfe\xfd");
}

TEST(TokenText, IsReadToTheLetter) {
  for (const char* text :
       {"", "AQECAwQFBv_-_", "AQECAwQFBv/+/Q", "AQECAwQFBv_-_Q==", "AQECAwQFBv_-_R",
        " AQECAwQFBv_-_Q", "AQECAwQFB", "AQECAwQFBv_-_Q\n", "ä"})
    EXPECT_FALSE(read_token(text)) << text;
}

TEST(Token, OpensToTheValueThatItStandsFor) {
  const Rows rows = {"Ada,1", "Ben Bär,2", "\"\",3", "\"x,y\",4"};
  const Remade forth = run(column(kToken), table_of("v,n", rows), ring());
  ASSERT_EQ(forth.error, "");
  for (const std::string& row : forth.rows) EXPECT_EQ(row[0], 'A');
  EXPECT_EQ(run(column(kToken), table_of("v,n", forth.rows), ring(), Way::back).rows, rows);
}

TEST(Token, IsTheSameOfOnePersonInTwoTablesOfOneDomain) {
  const Remade first = run(column(kToken), "v,a\nAda,1\nBen,2\n", ring());
  const Remade second = run(column(kToken), "b,v\nx,Ben\n", ring());
  EXPECT_EQ(first.rows[1].substr(0, first.rows[1].find(',')), second.rows[0].substr(2));
  EXPECT_NE(first.rows[0].substr(0, 40), first.rows[1].substr(0, 40));
}

/// Presidio's hashes had no salt, which a list of names undoes, and then one for each call, which parts a person from itself.
TEST(Token, IsNoHashWithoutAKeyNorOneThatIsSaltedAnewForEachTable) {
  for (const char* kind : {"token", "cmac-token", "hmac-token"}) {
    const std::string policy =
        column(std::string("\"").append(kind).append("\"\ndomain = \"patient\""));
    const std::string table = "v\nAda\n";
    const Remade once = run(policy, table, ring()), again = run(policy, table, ring());
    EXPECT_EQ(once.error, "");
    EXPECT_EQ(once.rows, again.rows) << kind;
    EXPECT_NE(read_token(once.rows[0])->bytes,
              read_token(run(policy, table, new_ring()).rows[0])->bytes)
        << kind;
  }
  EXPECT_NE(run(column("\"hash\""), "v\nAda\n", ring()).error, "");
}

TEST(Token, OfAnotherDomainRecipientNormaliserRingOrVersionIsAnother) {
  const std::string table = "v,n\nada,1\n";
  std::set<std::string> tokens;
  const auto add = [&](const std::string& policy, const KeyRing& keys) {
    const Remade done = run(policy, table, keys);
    EXPECT_EQ(done.error, "");
    // Heads differ by themselves: what follows them has to.
    tokens.insert(read_token(done.rows[0].substr(0, done.rows[0].find(',')))->bytes);
  };
  add(column(kToken), ring());
  add(column("\"token\"\ndomain = \"doctor\""), ring());
  add(column(kToken, "recipient = \"a\""), ring());
  add(column(kToken, "recipient = \"b\""), ring());
  add(column(kToken + "\nnormalise = [\"ascii-lower-1\"]"), ring());
  KeyRing other = new_ring();
  add(column(kToken), other);
  EXPECT_TRUE(other.rotate());
  add(column(kToken), other);
  EXPECT_EQ(tokens.size(), 7u);
}

/// Two recipients who lay their tables side by side have nothing in common: no token of one is one of the
/// other, nor do their tokens agree in more bits than chance has them agree.
TEST(Token, IsUnlinkableForTwoRecipients) {
  Rows rows;
  for (int i = 0; i < 2000; ++i)
    rows.push_back(std::string("p").append(std::to_string(10'000 + i)).append(",."));
  const std::string table = table_of("v,n", rows);
  const Remade a = run(column(kToken, "recipient = \"a\""), table, ring());
  const Remade b = run(column(kToken, "recipient = \"b\""), table, ring());
  std::set<std::string> all;
  std::size_t same = 0, bits = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string x = read_token(a.rows[i].substr(0, a.rows[i].size() - 2))->bytes;
    const std::string y = read_token(b.rows[i].substr(0, b.rows[i].size() - 2))->bytes;
    all.insert(x), all.insert(y);
    for (std::size_t k = 0; k < x.size(); ++k, bits += 8)
      same +=
          8u - static_cast<unsigned>(__builtin_popcount(static_cast<unsigned char>(x[k] ^ y[k])));
  }
  EXPECT_EQ(all.size(), 2 * rows.size());
  // 352,000 bits: half of them, within six standard deviations.
  EXPECT_NEAR(static_cast<double>(same), static_cast<double>(bits) / 2, 1800);
}

TEST(Token, OfANormalisedValueJoinsWhatIsWrittenInTwoWays) {
  const std::string rule = "\nnormalise = [\"trim-1\", \"ascii-lower-1\"]";
  const Remade done = run(column(kToken + rule), "v,n\n Ada@X.org,.\nada@x.ORG,.\n", ring());
  EXPECT_EQ(done.rows[0], done.rows[1]);
  EXPECT_EQ(run(column(kToken + rule), table_of("v,n", done.rows), ring(), Way::back).rows[0],
            "ada@x.org,.");
}

TEST(Token, OfAnOldKeyStaysReadableWhenTheRingTurns) {
  KeyRing turned = new_ring();
  const Rows old = run(column(kToken), "v,n\nAda,1\n", turned).rows;
  ASSERT_TRUE(turned.rotate());
  ASSERT_TRUE(turned.rotate());
  Rows both = run(column(kToken), "v,n\nBen,2\nAda,3\n", turned).rows;
  EXPECT_NE(both[1].substr(0, 40), old[0].substr(0, 40));
  both.push_back(old[0]);
  EXPECT_EQ(run(column(kToken), table_of("v,n", both), turned, Way::back).rows,
            (Rows{"Ben,2", "Ada,3", "Ada,1"}));
  // Who wants to join with an old release asks for its key.
  EXPECT_EQ(run(column(kToken + "\nkey-version = 1"), "v,n\nAda,1\n", turned).rows, old);
}

TEST(Token, ThatIsNotGenuineIsInvalid) {
  KeyRing turned = new_ring();
  const std::string old = run(column(kToken), "v,n\nAda,1\n", turned).rows[0];
  ASSERT_TRUE(turned.rotate());
  const std::string token = run(column(kToken), "v,n\nAda,1\n", turned).rows[0];
  const std::string invalid =
      "column 'v': row 1 holds a value that this transform does not take (invalid)";
  for (std::size_t at = 0; at < token.size() - 2; ++at) {
    std::string tampered = token;
    tampered[at] = tampered[at] == 'A' ? 'B' : 'A';
    const Remade done = run(column(kToken), table_of("v,n", {tampered}), turned, Way::back);
    EXPECT_NE(done.error.find(invalid), std::string::npos) << at << done.error;
    EXPECT_EQ(done.error.find(tampered.substr(0, 30)), std::string::npos);
  }
  EXPECT_NE(run(column(kToken), table_of("v,n", {token}), ring(), Way::back).error.find(invalid),
            std::string::npos);
  EXPECT_NE(
      run(column("\"token\"\ndomain = \"doctor\""), table_of("v,n", {token}), turned, Way::back)
          .error.find(invalid),
      std::string::npos);
}

TEST(Token, NeedsAKeyThatCarriesTheRight) {
  const auto policy = Policy::parse(column(kToken), "p.toml");
  const Scratch scratch;
  const std::string in = scratch.file("in", "v,n\nAda,1\n");
  EXPECT_EQ(Deidentifier::open(*policy, in, {}).error().message,
            "keys are needed: name a ring, as keys = \"FILE\"");
  EXPECT_EQ(Deidentifier::open(*policy, in, {}).error().where, "p.toml:4:10");
  KeyRing weak = new_ring();
  weak.give_up_reidentifying();
  EXPECT_EQ(Deidentifier::reverse(*policy, in, {}, weak, noted).error().message,
            "may not reidentify: ask for a ring that carries the right");
  EXPECT_EQ(run(column(kToken + "\nkey-version = 2"), "v,n\nAda,1\n", ring()).rows, Rows{});
}

TEST(Token, IsOpenedForNobodyBeforeThatIsNoted) {
  const auto policy = Policy::parse(column(kToken), "p.toml");
  const Remade forth = run(column(kToken), "v,n\nAda,1\nBen,2\n", ring());
  const Scratch scratch;
  const std::string in = scratch.file("in", table_of("v,n", forth.rows)), out = scratch.path("out");
  const auto written = [&](const NoteReidentification& note, const std::string& path) {
    auto work = Deidentifier::reverse(*policy, in, {.threads = 2}, ring(), note);
    if (!work) return work.error().message;
    const auto done = std::move(*work).write(path, {});
    return done ? std::string() : done.error().message;
  };
  int notes = 0;
  EXPECT_EQ(written(
                [&](const DeidReport& report) {
                  ++notes;
                  EXPECT_EQ(report.rows.rows_read, 0u);
                  EXPECT_EQ(scratch.files(), 1u) << "no row lies anywhere yet";
                  return Status(Error{Errc::refused, "eve", "may not"});
                },
                out),
            "may not");
  EXPECT_EQ(notes, 1);
  EXPECT_EQ(scratch.files(), 1u);
  EXPECT_EQ(written(
                [&](const DeidReport& report) {
                  if (++notes == 2) return ok();
                  EXPECT_EQ(report.rows.rows_written, 2u);
                  EXPECT_EQ(report.columns[0].tally.replaced, 2u);
                  EXPECT_FALSE(std::filesystem::exists(out)) << "nobody has seen it";
                  return Status(Error{Errc::unavailable, "log", "is full"});
                },
                out),
            "is full");
  EXPECT_EQ(notes, 3);
  EXPECT_EQ(scratch.files(), 1u) << "nor will";
  EXPECT_EQ(written({}, out), "must say where it is noted that tokens are opened");
  for (const char* stream : {"/dev/full", "/dev/null"})
    EXPECT_EQ(
        written([&](const DeidReport&) { return ++notes, ok(); }, stream),
        "takes bytes as they come, and what is turned back is noted before any of it is seen: "
        "name a file");
  EXPECT_EQ(notes, 3);
  EXPECT_EQ(written(noted, out), "");
  EXPECT_EQ(contents(out), "v,n\nAda,1\nBen,2\n");
}

TEST(Token, ThatDoesNotFitOnTheDiskIsNotOpenedAndNotedAsBegunAlone) {
  const SmallDisk disk;
  if (!disk.is_there()) GTEST_SKIP() << "to mount a small disk needs rights (root)";
  Rows rows(1000, std::string(100, 'x').append(",1"));
  const auto policy = Policy::parse(column(kToken), "p.toml");
  const Remade forth = run(column(kToken), table_of("v,n", rows), ring());
  const Scratch scratch;
  const std::string in = scratch.file("in", table_of("v,n", forth.rows));
  int notes = 0;
  auto work = Deidentifier::reverse(*policy, in, {}, ring(),
                                    [&](const DeidReport&) { return ++notes, ok(); });
  EXPECT_EQ(std::move(*work).write(disk.path("out"), {}).error().message,
            "cannot be written: the disk is full");
  EXPECT_EQ(notes, 1);
  EXPECT_EQ(disk.files(), 0u);
}

TEST(Token, MacsTellEqualFromUnequalAndAreNotOpened) {
  for (const char* kind : {"cmac-token", "hmac-token"}) {
    const std::string policy =
        column(std::string("\"").append(kind).append("\"\ndomain = \"patient\""));
    const Remade done = run(policy, "v,n\nAda,.\nBen,.\nAda,.\n", ring());
    EXPECT_EQ(done.rows[0], done.rows[2]);
    EXPECT_NE(done.rows[0], done.rows[1]);
    EXPECT_NE(run(policy, table_of("v,n", done.rows), ring(), Way::back)
                  .error.find("no column of this table that can be opened"),
              std::string::npos);
  }
}

TEST(Token, DoesNotHangOnThreads) {
  Rows rows;
  for (int i = 0; i < 60'000; ++i) rows.push_back(std::to_string(i % 1000).append(",."));
  const std::string table = table_of("v,n", rows);
  EXPECT_EQ(run(column(kToken), table, ring()).rows,
            run(column(kToken), table, ring(), Way::forth, 4).rows);
}

const std::string kCard =
    "\"ff1\"\ndomain = \"card\"\nalphabet = \"digits\"\nkeep-prefix = 6\nskip = \" -\"\n"
    "check-digit = \"luhn\"";

bool passes(const std::string& text) {
  int sum = 0;
  bool twice = false;
  for (auto c = text.rbegin(); c != text.rend(); ++c) {
    if (*c < '0' || *c > '9') continue;
    const int digit = (*c - '0') * (twice ? 2 : 1);
    sum += digit / 10 + digit % 10;
    twice = !twice;
  }
  return sum % 10 == 0;
}

/// Numbers that card companies publish for tests.
TEST(Ff1Column, KeepsPrefixPunctuationAndCheckDigitOfACard) {
  const Rows rows = {"4111-1111-1111-1111,.", "5555 5555 5555 4444,.", "378282246310005,."};
  const Remade forth = run(column(kCard), table_of("v,n", rows), ring());
  ASSERT_EQ(forth.error, "");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_TRUE(passes(forth.rows[i])) << forth.rows[i];
    EXPECT_EQ(forth.rows[i].size(), rows[i].size());
    EXPECT_EQ(forth.rows[i].substr(0, 6), rows[i].substr(0, 6));
    EXPECT_NE(forth.rows[i], rows[i]);
  }
  EXPECT_EQ(forth.rows[0][4], '-');
  EXPECT_EQ(forth.rows[1][9], ' ');
  EXPECT_EQ(run(column(kCard), table_of("v,n", forth.rows), ring(), Way::back).rows, rows);
}

TEST(Ff1Column, IsAPermutation) {
  Rows rows;
  for (int i = 0; i < 20'000; ++i) rows.push_back(std::to_string(1'000'000 + i).append(",."));
  const std::string policy = column("\"ff1\"\ndomain = \"n\"\nalphabet = \"digits\"");
  const Remade forth = run(policy, table_of("v,n", rows), ring());
  EXPECT_EQ(std::set(forth.rows.begin(), forth.rows.end()).size(), rows.size());
  EXPECT_EQ(run(policy, table_of("v,n", forth.rows), ring(), Way::back).rows, rows);
}

TEST(Ff1Column, TakesNoValueOfASmallDomainOrOutsideTheAlphabet) {
  const std::string policy =
      column("\"ff1\"\ndomain = \"n\"\nalphabet = \"digits\"\nkeep-suffix = 2\ninvalid = \"null\"");
  EXPECT_EQ(run(policy, "v,n\n1234567,.\n12345x78,.\n12,.\n\"\",.\n", ring()).rows,
            (Rows{",.", ",.", ",.", ",."}));
  EXPECT_NE(run(policy, "v,n\n12345678,.\n", ring()).rows, (Rows{",."}));
  // With a check digit one in ten numbers is left: seven digits where six would do.
  const std::string card = column(kCard + "\ninvalid = \"null\"");
  EXPECT_EQ(run(card, "v,n\n411111111117,.\n4111111111111112,.\n", ring()).rows,
            (Rows{",.", ",."}));
  ASSERT_TRUE(passes("411111111117") && !passes("4111111111111112"));
}

TEST(Ff1Column, HasAnyAlphabet) {
  const std::string policy =
      column("\"ff1\"\ndomain = \"n\"\ncharacters = \"一二三四五六七八九十\"");
  const Remade forth = run(policy, "v,n\n一二三四五六七,.\n", ring());
  ASSERT_EQ(forth.error, "");
  EXPECT_EQ(forth.rows[0].size(), 7u * 3 + 2);
  EXPECT_EQ(run(policy, table_of("v,n", forth.rows), ring(), Way::back).rows,
            (Rows{"一二三四五六七,."}));
}

TEST(Choice, GivesEachValueOneOfAList) {
  const std::string policy =
      column("\"choice\"\ndomain = \"town\"\nvalues = [\"Ost\", \"West\", \"Süd\"]");
  Rows rows;
  for (int i = 0; i < 3000; ++i) rows.push_back(std::to_string(i % 1500).append(",."));
  const Remade done = run(policy, table_of("v,n", rows), ring());
  std::map<std::string, int> counts;
  for (std::size_t i = 0; i < 1500; ++i) {
    EXPECT_EQ(done.rows[i], done.rows[i + 1500]);
    ++counts[done.rows[i]];
  }
  EXPECT_EQ(counts.size(), 3u);
  for (const auto& [text, count] : counts) EXPECT_NEAR(count, 500, 6 * 18.3) << text;
}

TEST(DateShift, MovesAllDatesOfAPersonAlikeAndKeepsTheirOrder) {
  const std::string policy =
      column("\"date-shift\"\ndomain = \"patient\"\nby = \"who\"\ndays = 30\ninvalid = \"null\"");
  const Remade done =
      run(policy,
          "v,who\n2024-02-28,a\n2024-03-01T08:30:00Z,a\n2024-02-28,b\n2024-02-30,a\n"
          "0000-01-01,c\n",
          ring());
  ASSERT_EQ(done.error, "");
  const auto days = [](const std::string& date) {
    return std::chrono::sys_days(std::chrono::year_month_day(
        std::chrono::year(std::stoi(date.substr(0, 4))),
        std::chrono::month(static_cast<unsigned>(std::stoi(date.substr(5, 2)))),
        std::chrono::day(static_cast<unsigned>(std::stoi(date.substr(8, 2))))));
  };
  EXPECT_EQ((days(done.rows[1]) - days(done.rows[0])).count(), 2);
  EXPECT_EQ(done.rows[1].substr(10), "T08:30:00Z,a");
  EXPECT_LE(std::abs((days(done.rows[0]) - days("2024-02-28")).count()), 30);
  EXPECT_EQ(done.rows[3], ",a");
}

TEST(DateShift, IsUniformOverPersons) {
  const std::string policy = column("\"date-shift\"\ndomain = \"patient\"\nby = \"who\"\ndays = 2");
  Rows rows;
  for (int i = 0; i < 5000; ++i)
    rows.push_back(std::string("2024-06-10,p").append(std::to_string(i)));
  std::map<std::string, int> counts;
  for (const std::string& row : run(policy, table_of("v,who", rows), ring()).rows)
    ++counts[row.substr(0, 10)];
  EXPECT_EQ(counts.size(), 5u);
  for (const char* day : {"2024-06-08", "2024-06-09", "2024-06-10", "2024-06-11", "2024-06-12"})
    EXPECT_NEAR(counts[day], 1000, 6 * 28.3) << day;
}

TEST(DateShift, OfNobodyIsMissing) {
  const std::string policy = column(
      "\"date-shift\"\ndomain = \"patient\"\nby = \"who\"\ndays = 2\nmissing = \"suppress\"");
  EXPECT_EQ(run(policy, "v,who,n\n2024-06-10,,1\n,a,2\n", ring()).rows, Rows{});
}

TEST(KeyedPolicy, IsCheckedBeforeTheFirstRow) {
  const auto says = [](const std::string& transform, const std::string& words) {
    const Remade done = run(column(transform), "v\n1\n", ring());
    EXPECT_NE(done.error.find(words), std::string::npos) << done.error;
  };
  says("\"token\"", "needs 'domain'");
  says("\"token\"\ndomain = \"a\\u001Fb\"", "no control characters");
  says("\"token\"\ndomain = \"a\"\nkey-version = 0", "'key-version' must be a whole number from 1");
  says("\"ff1\"\ndomain = \"a\"", "needs 'alphabet'");
  says("\"ff1\"\ndomain = \"a\"\ncharacters = \"aab\"", "2 to 62 characters, each once");
  says("\"ff1\"\ndomain = \"a\"\nalphabet = \"lower\"\ncheck-digit = \"luhn\"",
       "needs alphabet = \"digits\"");
  says("\"ff1\"\ndomain = \"a\"\nalphabet = \"digits\"\nskip = \"5\"",
       "no character of the alphabet");
  says("\"choice\"\ndomain = \"a\"\nvalues = [\"x\"]", "at least two texts");
  says("\"choice\"\ndomain = \"a\"\nvalues = [\"x\", \"x\"]", "must not list a value twice");
  says("\"date-shift\"\ndomain = \"a\"\ndays = 3", "needs 'by'");
  says("\"date-shift\"\ndomain = \"a\"\ndays = 3\nby = \"nobody\"", "has no column 'nobody'");
}

}  // namespace
}  // namespace sfumato
