#include "sfumato/deid/text_finder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "deid/detectors.h"
#include "deid/jumble.h"
#include "deid/reading.h"

namespace sfumato {
namespace {

std::vector<Detector> all_detectors() {
  std::vector<Detector> all;
  for (const DetectorLaw& law : detector_laws()) all.push_back(law.detector);
  return all;
}

TextFinder finder(const std::vector<Detector>& detectors,
                  const std::vector<Dictionary>& dictionaries = {}) {
  return TextFinder::make(detectors, dictionaries).value();
}

/// The text with each finding in brackets, behind the name of what found it.
std::string marked(TextFinder& finder, const std::vector<std::string>& names,
                   std::string_view text) {
  std::vector<Finding> found;
  if (!finder.find(text, found)) return "(no text)";
  std::string out;
  std::size_t at = 0;
  for (const Finding& finding : found) {
    out.append(text.substr(at, finding.begin - at)).append(names[finding.by]).append("[");
    out.append(text.substr(finding.begin, finding.end - finding.begin)).append("]");
    at = finding.end;
  }
  return out.append(text.substr(at));
}

std::string marked(const std::vector<Detector>& detectors, std::string_view text) {
  std::vector<std::string> names;
  for (const Detector detector : detectors) names.emplace_back(law_of(detector).name);
  TextFinder made = finder(detectors);
  return marked(made, names, text);
}

std::string marked_words(Dictionary dictionary, std::string_view text) {
  TextFinder made = finder({}, {dictionary});
  return marked(made, {""}, text);
}

TEST(TextFinder, FindsEachKindInProse) {
  const auto says = [](Detector detector, const std::string& text) {
    std::string plain = text;
    std::erase_if(plain, [](char c) { return c == '[' || c == ']'; });
    std::string wanted = text;
    for (std::size_t at = 0; (at = wanted.find('[', at)) != std::string::npos;) {
      wanted.insert(at, law_of(detector).name);
      at += law_of(detector).name.size() + 1;
    }
    EXPECT_EQ(marked({detector}, plain), wanted);
  };
  says(Detector::payment_card, "my card [4111 1111 1111 1111], or [5555-5555-5555-4444].");
  says(Detector::payment_card, "12/27 [4111111111111111] 123");
  says(Detector::payment_card, "1234 [4111 1111 1111 1111] 1234, x4111111111111111");
  says(Detector::iban, "to [DE89 3704 0044 0532 0130 00] by Friday, [GB29NWBK60161331926819]!");
  says(Detector::us_ssn, "SSN:[123-45-6789]; 123-45-67890 000-12-3456 123456789");
  says(Detector::us_ssn_solid, "[123456789] 123-45-6789 1234567890");
  says(Detector::us_routing_number, "routing [021000021], 021000022");
  says(Detector::chinese_resident_id, "身份证号[11010519491231002X]，请核对");
  says(Detector::chinese_mobile, "我的手机是[13800138000]，或[+86 138 0013 8000]。x13800138000");
  says(Detector::email, "<[jdoe@example.org]>, '[o'brien@example.com]'. mailto:[a@b.cd]?x @b.cd");
  says(Detector::email, "[nguyễn@example.vn]");
  says(Detector::email, "[müller@exämple.de] [ümit@пример.рф], 邮箱[a@b.cd]谢谢");
  says(Detector::email, "邮箱[a@b.cd]谢谢，[张三@例子.中国]。请写信给[zhang@b.cn] 和 [สมชาย@b.th]");
  says(Detector::email, "我的邮箱是[1234567@b.com]，kim이라고 [홍길동@b.kr]로");
  says(Detector::payment_card,
       "a [4111\t1111\t1111\t1111] b [4222 2222 2222 2], [4111 \t1111  1111 1111]");
  says(Detector::iban, "\t[DE89\t3704\t0044\t0532\t0130\t00]\t");
  says(Detector::us_ssn, "x\t[123\t45\t6789] [123  45  6789] 123   45 6789");
  says(Detector::ipv4, "from [192.0.2.1]:80 to [10.0.0.1]/8, v1.2.3, 256.1.1.1");
  says(Detector::ipv6, "at [2001:DB8::8:800:200C:417A] and [::1], std::cafe, 12:30:45");
  says(Detector::mac_address, "nic [ac:de:48:00:00:80] [acde.4800.0080]");
  says(Detector::phone,
       "call [(+44) 20 7946 0958] or [(0044) 20 7946 0958] or [+44 20 - 7946 0958] or [+49 (0)30 "
       "123456] or [(415) 555-2671], ([+49301234567]), 4155552671");
  says(Detector::phone, "a4[+49 30 1234567]");
  says(Detector::machine_readable_zone,
       "x\n[P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
       "L898902C36UTO7408122F1204159ZE184226B<<<<<10]\ny");
  for (const char* between : {" \n", "\t\r\n", " \r\n", "\n\n", "\r\n\t\t"})
    says(Detector::machine_readable_zone,
         std::string("> [P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<")
             .append(between)
             .append("L898902C36UTO7408122F1204159ZE184226B<<<<<10] \r\n>"));
}

TEST(TextFinder, ReadsDigitsOfAllScriptsAndWhatLooksLikeASpaceOrAHyphen) {
  const auto card = [](const std::string& text) { return marked({Detector::payment_card}, text); };
  for (const char* text :
       {"４１１１１１１１１１１１１１１１", "٤١١١١١١١١١١١١١١١", "४१११११११११११११११",
        "4111\u00A01111\u00A01111\u00A01111", "4111\u20111111\u20111111\u20111111",
        "4111\u20131111\u20131111\u20131111", "4111\u30001111\u30001111\u30001111",
        "4111\u200B1111\u200B1111\u200B1111", "4111\u22121111\u22121111\u22121111"})
    EXPECT_EQ(card(std::string("é ").append(text).append(" é")),
              std::string("é payment-card[").append(text).append("] é"));
  TextFinder made = finder({Detector::email, Detector::payment_card});
  std::vector<Finding> found;
  ASSERT_TRUE(made.find("ａ＠ｂ．ｃｄ, 4111\u00A01111\u00A01111\u00A01111", found));
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(made.as_read(0), "a@b.cd");
  EXPECT_EQ(made.as_read(1), "4111 1111 1111 1111");
}

TEST(TextFinder, AFindingStandsApart) {
  const std::string card = "4111111111111111";
  for (const char* beside : {"a", "Z", "0", "é", "Я", "ß"}) {
    EXPECT_EQ(marked({Detector::payment_card}, beside + card), beside + card);
    EXPECT_EQ(marked({Detector::payment_card}, card + beside), card + beside);
  }
  for (const char* beside : {"_", "-", ".", "×", "张", "，", "€", "\n", "~"})
    EXPECT_EQ(marked({Detector::payment_card}, beside + card + beside),
              beside + ("payment-card[" + card + "]") + beside);
}

TEST(TextFinder, WhatOverlapsAFindingAndReachesFurtherIsJoinedToIt) {
  using enum Detector;
  const std::vector<Detector> some = {phone, payment_card, us_ssn, ipv4, mac_address, iban};
  EXPECT_EQ(marked(some, "+49 30 12345 4111 1111 1111 1111."),
            "phone[+49 30 12345 4111 1111 1111 1111].");
  EXPECT_EQ(marked(some, "Ticket 0045678 4111 1111 1111 1111"),
            "Ticket phone[0045678 4111 1111 1111 1111]");
  EXPECT_EQ(marked(some, "+49 30 1234 123-45-6789"), "phone[+49 30 1234 123-45-6789]");
  EXPECT_EQ(marked(some, "+49 30 12345 192.168.17.23"), "phone[+49 30 12345 192.168.17.23]");
  EXPECT_EQ(marked(some, "4111.1111.1111.1111"), "payment-card[4111.1111.1111.1111]");
  EXPECT_EQ(marked(some, "DE89-3704-0044-0532-0130-00"), "iban[DE89-3704-0044-0532-0130-00]");
  EXPECT_EQ(marked(all_detectors(), "4111 1111 1111 1111@x.com"),
            "payment-card[4111 1111 1111 1111@x.com]");
  TextFinder made =
      finder({payment_card, ipv4}, {{.name = "who", .words = {"Bank 4111", "1111 x"}}});
  EXPECT_EQ(marked(made, {"card", "ipv4", "who"}, "Bank 4111 1111 1111 1111 x 1.2.3.4"),
            "who[Bank 4111 1111 1111 1111 x] ipv4[1.2.3.4]");
  // Only what grew is joined: not what others lie within, nor what they touch.
  std::vector<Finding> found;
  ASSERT_TRUE(made.find("Bank 4111 1111 1111 1111 x 1.2.3.4", found));
  EXPECT_TRUE(found[0].joined);
  EXPECT_FALSE(found[1].joined);
}

TEST(TextFinder, AnAddressBesideAColonThatIsNoneOfItsOwnIsFound) {
  const auto says = [](const char* text) { return marked({Detector::ipv6}, text); };
  EXPECT_EQ(says("ip:2001:db8::1 up"), "ip:ipv6[2001:db8::1] up");
  EXPECT_EQ(says("2001:db8::1: refused"), "ipv6[2001:db8::1]: refused");
  EXPECT_EQ(says("IPv6:fe80::1"), "IPv6:ipv6[fe80::1]");
  EXPECT_EQ(says("fe80::1:connect"), "ipv6[fe80::1]:connect");
  for (const char* none :
       {"1:2:3:4:5:6:7:8:9", "a::b::c", "00:11:22:33:44:55:66:77:88:99", "std::cafe", "1:::2"})
    EXPECT_EQ(says(none), none);
}

TEST(TextFinder, WhatNobodySeesHidesNothing) {
  for (const char* unseen :
       {"\u00AD", "\u034F", "\u061C", "\u180E", "\u200B",     "\u200E",    "\u200F",
        "\u202A", "\u202E", "\u2060", "\u2064", "\u2066",     "\u206F",    "\u3164",
        "\uFE00", "\uFE0F", "\uFEFF", "\uFFF9", "\U000E0001", "\U000E0100"}) {
    const std::string card = std::string("4111").append(unseen).append("111111111111");
    EXPECT_EQ(marked({Detector::payment_card}, card), "payment-card[" + card + "]");
  }
  // Mathematical digits, bold and monospaced.
  EXPECT_EQ(marked({Detector::us_ssn}, "\U0001D7CF\U0001D7D03-45-678\U0001D7FF"),
            "us-ssn[\U0001D7CF\U0001D7D03-45-678\U0001D7FF]");
}

TEST(TextFinder, OfFindingsThatOverlapTheFirstTheLongestAndTheFirstNamedIsTaken) {
  // +86 is longer as neither; both are 13 letters.
  EXPECT_EQ(marked({Detector::phone, Detector::chinese_mobile}, "+8613800138000"),
            "phone[+8613800138000]");
  EXPECT_EQ(marked({Detector::chinese_mobile, Detector::phone}, "+8613800138000"),
            "chinese-mobile[+8613800138000]");
  // A longer one wins over a detector that is named before it.
  EXPECT_EQ(marked({Detector::ipv4, Detector::email}, "1.2.3.4@example.com"),
            "email[1.2.3.4@example.com]");
  EXPECT_EQ(marked({Detector::us_ssn_solid, Detector::us_routing_number}, "011401533"),
            "us-ssn-solid[011401533]");
  // A dictionary comes after all detectors.
  TextFinder made = finder({Detector::ipv4}, {{.name = "a", .words = {"1.2.3.4", "x 1.2.3.4"}},
                                              {.name = "b", .words = {"x 1.2.3.4"}}});
  EXPECT_EQ(marked(made, {"ipv4", "a", "b"}, "1.2.3.4, x 1.2.3.4"), "ipv4[1.2.3.4], a[x 1.2.3.4]");
}

TEST(TextFinder, ADictionaryFindsWordsWholeOrNotAndInAnyCase) {
  const std::vector<std::string> names = {"Anna", "Anna Lena", "Ann", "Müller", "王小明", "C++"};
  EXPECT_EQ(marked_words({.name = "", .words = names},
                         "Anna Lena, Annabel, anna, Ann. Müller王小明的C++"),
            "[Anna Lena], Annabel, anna, [Ann]. [Müller][王小明]的[C++]");
  EXPECT_EQ(marked_words({.name = "", .words = names, .whole = false}, "Annabel Hann"),
            "[Anna]bel Hann");
  EXPECT_EQ(marked_words({.name = "", .words = names, .ignore_case = true},
                         "ANNA MÜLLER anna  lena ÉANNA"),
            "[ANNA] [MÜLLER] [anna  lena] ÉANNA");
  EXPECT_EQ(marked_words(
                {.name = "", .words = {"straße", "ΣΊΣΥΦΟΣ", "Щука", "ŁÓDŹ"}, .ignore_case = true},
                "STRAßE σίσυφος щУКА łódź"),
            "[STRAßE] [σίσυφος] [щУКА] [łódź]");
  EXPECT_EQ(marked_words({.name = "", .words = {"Ａｎｎａ"}}, "Anna"), "[Anna]");
  EXPECT_EQ(marked_words({.name = "", .words = {"O'Neil", "D\u2019Arcy"}},
                         "O\u2019Neil O\u2018Neil O\u02BCNeil D'Arcy"),
            "[O\u2019Neil] [O\u2018Neil] [O\u02BCNeil] [D'Arcy]");
  EXPECT_EQ(marked_words({.name = "", .words = {"Anna  Lena", "x"}},
                         " \tAnna \r\n Lena\n\nAnna Lena  Anna\u00A0\u00A0Lena  x  "),
            " \t[Anna \r\n Lena]\n\n[Anna Lena]  [Anna\u00A0\u00A0Lena]  [x]  ");
  // Nested words, of which only shorter ones stand apart; and words within others.
  EXPECT_EQ(marked_words({.name = "", .words = {"a", "a b", "a b c", "b c d"}}, "a b cx a b c d a"),
            "[a b] cx [a b c d] [a]");
  EXPECT_EQ(
      marked_words({.name = "", .words = {"abcd", "bc", "c"}, .whole = false}, "abc bcd abcd cc"),
      "a[bc] [bc]d [abcd] [c][c]");
}

std::string region_error(const std::vector<Detector>& detectors, const std::string& region) {
  const auto made = TextFinder::make(detectors, {}, {}, region);
  return made ? "" : made.error().where + " " + made.error().message;
}

TEST(TextFinder, ARegionIsRefusedWithoutPhoneAmongTheDetectors) {
  EXPECT_EQ(region_error({Detector::email}, "DE"),
            "region says how phone numbers are dialled: phone must be among the detectors");
}

#ifdef SFUMATO_PHONENUMBERS
std::string in_region(const char* region, std::string_view text) {
  TextFinder made =
      TextFinder::make(std::vector{Detector::email, Detector::phone}, {}, {}, region).value();
  return marked(made, {"email", "phone"}, text);
}

// Numbers that regulators keep free for films: Ofcom's, BNetzA's and Arcep's.
TEST(TextFinder, InARegionNumbersAreFoundAsTheyAreDialledThere) {
  EXPECT_EQ(in_region("GB", "é 王 020 7946 0958, a@b.cd; (0)20 7946 0999"),
            "é 王 phone[020 7946 0958], email[a@b.cd]; phone[(0)20 7946 0999]");
  EXPECT_EQ(
      in_region("DE", "030 23125 000, 030/23125 123 und +44 20 7946 0958; 12345678, 2024-01-02"),
      "phone[030 23125 000], phone[030/23125 123] und phone[+44 20 7946 0958]; 12345678, "
      "2024-01-02");
  EXPECT_EQ(in_region("DE", "٠٣٠ ٢٣١٢٥ ٠٠٠ und 030\u00a023125\u2011000"),
            "phone[٠٣٠ ٢٣١٢٥ ٠٠٠] und phone[030\u00a023125\u2011000]");
  EXPECT_EQ(in_region("FR", "01 99 00 12 34 et a01 99 00 12 34"),
            "phone[01 99 00 12 34] et a01 99 00 12 34");
  EXPECT_EQ(in_region("DE", "x 020 7946 0958"), "x 020 7946 0958");
  EXPECT_EQ(in_region("DE", "(0221) 4710-123 д030 23125 000"),
            "phone[(0221) 4710-123] д030 23125 000");
  TextFinder made = TextFinder::make(std::vector{Detector::phone}, {}, {}, "GB").value();
  TextFinder copy = made.copy();
  EXPECT_EQ(marked(copy, {"phone"}, "020 7946 0958"), "phone[020 7946 0958]");
  for (const char* region : {"XX", "de", "001", ""})
    EXPECT_EQ(
        region_error({Detector::phone}, region),
        "region must be two capital letters of ISO 3166-1 that libphonenumber knows, as in DE");
}

// libphonenumber alone takes what is written like this for one number, which is none.
TEST(TextFinder, InARegionNumbersThatStandBesideFiguresAreFound) {
  EXPECT_EQ(in_region("DE", "2024-01-02 040 66969 000"), "2024-01-02 phone[040 66969 000]");
  EXPECT_EQ(in_region("DE", "040 66969 000 0171 39200 12 (0221) 4710-123"),
            "phone[040 66969 000] phone[0171 39200 12] phone[(0221) 4710-123]");
  EXPECT_EQ(in_region("DE", "4111 1111 1111 1111 030 23125 000"),
            "4111 1111 1111 1111 phone[030 23125 000]");
}

/// In windows, each of which is half over the one before; texts are long since the library's own search is quadratic.
TEST(TextFinder, InARegionNumbersAreFoundWhereverTheyLie) {
  TextFinder made = TextFinder::make(std::vector{Detector::phone}, {}, {}, "DE").value();
  for (const std::size_t apart : {17u, 60u, 61u, 509u}) {
    std::string text;
    std::size_t count = 0;
    for (; text.size() < 4000; ++count) {
      text += "030 23125 000,";
      text.append(apart - 14, apart % 2 == 0 ? ' ' : '.');
    }
    std::vector<Finding> found;
    ASSERT_TRUE(made.find(text, found));
    ASSERT_EQ(found.size(), count) << apart;
    for (std::size_t i = 0; i < count; ++i) {
      EXPECT_EQ(found[i].begin, i * apart);
      EXPECT_EQ(found[i].end, i * apart + 13);
    }
  }
}
#else
TEST(TextFinder, InARegionNumbersAreFoundAsTheyAreDialledThere) {
  EXPECT_EQ(region_error({Detector::phone}, "DE"),
            "region needs libphonenumber, which this was built without: build it with "
            "-DSFUMATO_PHONENUMBERS=ON, or leave the region out");
  GTEST_SKIP() << "built without libphonenumber: -DSFUMATO_PHONENUMBERS=ON finds it";
}
#endif

TEST(TextFinder, ADictionaryNeedsWordsInUtf8) {
  const auto error = [](std::vector<std::string> words) {
    const auto made = TextFinder::make({}, std::vector<Dictionary>{{"staff", std::move(words)}});
    return made ? "" : made.error().where + " " + made.error().message;
  };
  EXPECT_EQ(error({}), "staff needs words to look for");
  const std::string refusal = "staff must hold words in UTF-8, none of them empty or blank";
  for (const char* word : {"", " ", "\u00A0\t", "\u200B", "a\xFF"})
    EXPECT_EQ(error({"a", word}), refusal) << word;
  for (const char* word : {"Anna ", " Anna", "Anna\t", "Anna\u00A0", "\u3000Anna \r"})
    EXPECT_EQ(marked_words({.name = "", .words = {word}}, "for Anna."), "for [Anna].") << word;
}

TEST(TextFinder, WhatIsNotUtf8IsNoText) {
  TextFinder made = finder(all_detectors());
  std::vector<Finding> found;
  for (const char* text :
       {"4111111111111111 \xFF", "\xC3", "\xED\xA0\x80", "\xC0\x80", "\xF4\x90\x80\x80"})
    EXPECT_FALSE(made.find(text, found)) << text;
  EXPECT_FALSE(made.find(std::string_view("a\0b", 3), found));
  EXPECT_TRUE(found.empty());
  EXPECT_TRUE(made.find("", found));
}

/// A space of a word stands for any run of white space.
bool is_word(const std::vector<std::string>& words, std::string_view text) {
  std::string plain;
  for (const char c : text)
    if (c != ' ' && c != '\n')
      plain += c;
    else if (!plain.ends_with(' '))
      plain += ' ';
  return std::ranges::count(words, plain) > 0;
}

/// The law, tried out: at each place, for each end, each detector and each word.
std::vector<Finding> by_the_law(const std::vector<Detector>& detectors,
                                const std::vector<std::string>& words, std::string_view text) {
  std::vector<Finding> found;
  for (std::size_t begin = 0; begin < text.size(); ++begin) {
    std::optional<Finding> here;
    for (std::size_t end = begin + 1; end <= text.size(); ++end)
      for (std::size_t by = 0; by <= detectors.size(); ++by) {
        const bool is = by < detectors.size() ? is_found(law_of(detectors[by]), text, begin, end)
                                              : is_word(words, text.substr(begin, end - begin)) &&
                                                    stands_apart(text, begin, end);
        if (is && (!here || here->end < end)) here = Finding{begin, end, by};
      }
    if (!here) continue;
    if (found.empty() || found.back().end <= begin) {
      found.push_back(*here);
    } else if (found.back().end < here->end) {
      found.back().end = here->end;
      found.back().joined = true;
    }
  }
  return found;
}

/// Compares what is found with the law, in texts that `text_of` makes, and tells how many findings there were.
template <class TextOf>
std::size_t compare_with_law(std::mt19937_64& rng, int rounds, TextOf text_of) {
  const std::vector<std::string> words = {"Anna", "Anna Lena", "7", "jdoe", "王"};
  std::size_t seen = 0;
  for (int round = 0; round < rounds; ++round) {
    std::vector<Detector> detectors = all_detectors();
    std::ranges::shuffle(detectors, rng);
    detectors.resize(1 + rng() % detectors.size());
    TextFinder made = finder(detectors, {{.name = "names", .words = words}});
    const std::string text = text_of();
    std::vector<Finding> found;
    EXPECT_TRUE(made.find(text, found));
    Reading reading;
    EXPECT_TRUE(reading.read(text));
    const std::vector<Finding> wanted = by_the_law(detectors, words, reading.characters());
    seen += wanted.size();
    EXPECT_EQ(found.size(), wanted.size()) << text;
    for (std::size_t i = 0; i < std::min(found.size(), wanted.size()); ++i) {
      EXPECT_EQ(found[i].begin, wanted[i].begin) << text;
      EXPECT_EQ(found[i].end, wanted[i].end) << text;
      EXPECT_EQ(found[i].by, wanted[i].by) << text;
      EXPECT_EQ(found[i].joined, wanted[i].joined) << text;
    }
  }
  return seen;
}

TEST(TextFinder, AgreesWithItsLawOnJumbles) {
  std::mt19937_64 rng(7);
  EXPECT_GT(
      compare_with_law(rng, 600, [&] { return jumble(rng, 1 + static_cast<int>(rng() % 14)); }),
      400u);
}

TEST(TextFinder, AgreesWithItsLawWhereACharacterIsWrong) {
  std::mt19937_64 rng(17);
  constexpr std::string_view kMarks = "0123456789 -.:/()+@<aF\t\n";
  const auto text_of = [&] {
    std::string text = jumble(rng, 1 + static_cast<int>(rng() % 5)) + ".";
    for (std::size_t i = rng() % 3; i > 0 && !text.empty(); --i) {
      const std::size_t at = rng() % text.size();
      const bool ascii = static_cast<signed char>(text[at]) >= 0;  // or it would be no UTF-8
      text.replace(at, ascii ? rng() % 2 : 0, ascii ? rng() % 3 : 0, kMarks[rng() % kMarks.size()]);
    }
    return text;
  };
  EXPECT_GT(compare_with_law(rng, 800, text_of), 200u);
}

TEST(TextFinder, AgreesWithItsLawOnDigitsAndMarks) {
  std::mt19937_64 rng(27);
  constexpr std::string_view kMarks = "0011123345566789  --..::+(aeF";
  const auto text_of = [&] {
    std::string text;
    for (std::size_t i = 5 + rng() % 60; i > 0; --i) text += kMarks[rng() % kMarks.size()];
    return text;
  };
  EXPECT_GT(compare_with_law(rng, 800, text_of), 100u);
}

TEST(TextFinder, NoByteOfWhatOneDetectorAloneFindsIsLeft) {
  std::mt19937_64 rng(8);
  std::size_t joined = 0;
  for (int round = 0; round < 600; ++round) {
    TextFinder all = finder(all_detectors());
    const std::string text = jumble(rng, 1 + static_cast<int>(rng() % 14));
    std::vector<Finding> found;
    ASSERT_TRUE(all.find(text, found));
    joined += static_cast<std::size_t>(std::ranges::count_if(found, &Finding::joined));
    for (const Detector detector : all_detectors()) {
      std::vector<Finding> alone;
      ASSERT_TRUE(finder({detector}).find(text, alone));
      for (const Finding& one : alone)
        EXPECT_TRUE(std::ranges::any_of(found, [&](const Finding& finding) {
          return finding.begin <= one.begin && one.end <= finding.end;
        })) << text;
    }
  }
  EXPECT_GT(joined, 20u);
}

/// Of the processor, for this thread alone: others may be at work.
double processor_seconds() {
  timespec now;
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double seconds_of(const std::string& text) {
  const std::vector<Dictionary> words = {
      {.name = "a", .words = {"a", "aa", "aaaaaaaa"}, .whole = false}};
  const std::vector<Pattern> patterns = {{.name = "b", .regex = "a.*b|1+2", .whole = false}};
  TextFinder made = TextFinder::make(all_detectors(), words, patterns).value();
  std::vector<Finding> found;
  (void)made.find(text, found);  // it makes its room
  double least = 1e9;
  for (int i = 0; i < 5; ++i) {
    found.clear();
    const double begin = processor_seconds();
    (void)made.find(text, found);
    least = std::min(least, processor_seconds() - begin);
  }
  return least;
}

TEST(TextFinder, TakesTimeLinearInTheTextWhateverItHolds) {
  for (const std::string& piece :
       {std::string("4111 "), std::string("1"), std::string("a.a@"), std::string("a."),
        std::string("<"), std::string("A<"), std::string("::a"), std::string("1:"),
        std::string("+1 ("), std::string("1.1."), std::string("@"), std::string("aé"),
        std::string("DE89 3704 "), std::string("00-")}) {
    std::string text;
    while (text.size() < 5'000) text += piece;
    std::string longer;
    for (int i = 0; i < 16; ++i) longer += text;
    // Were it quadratic, it would take 256 times as long.
    EXPECT_LT(seconds_of(longer), 100 * seconds_of(text) + 0.02) << piece;
  }
}

}  // namespace
}  // namespace sfumato
