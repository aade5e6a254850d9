#include "sfumato/deid/identifiers.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>

namespace sfumato {
namespace {

using Recogniser = bool (*)(std::string_view) noexcept;

void expect_each(Recogniser is, bool accepted, std::initializer_list<std::string_view> texts) {
  for (const std::string_view text : texts) EXPECT_EQ(is(text), accepted) << text;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  return text.replace(text.find(from), from.size(), to);
}

TEST(Identifiers, ACardHasARangeOfAnIssuerItsLengthAndALuhnDigit) {
  // Numbers that networks and their processors publish for tests, and ends of ranges.
  expect_each(is_payment_card, true,
              {"4111111111111111", "4012888888881881",    "4222222222222",    "4000000000000000006",
               "5555555555554444", "5105105105105100",    "2223003122003222", "2221000000000009",
               "2720999999000001", "378282246310005",     "371449635398431",  "6011111111111117",
               "6011000990139424", "6440000000000005",    "6490000000000004", "30569309025904",
               "38520000023237",   "30000000000004",      "3566002020360505", "3528000000000007",
               "3589000000000003", "6200000000000000000", "8171000000000006", "2200000000000004",
               "2204000000000000", "6304000000000000000", "630400000000",     "8299990000000005",
               "6000000000000007"});
  expect_each(
      is_payment_card, true,
      {"4111 1111 1111 1111", "4111-1111-1111-1111", "3782 822463 10005", "3056 930902 5904",
       "4111.1111.1111.1111", "6200 0000 0000 0000 000", "620000 0000000000000",
       // A short group at the end, and two spaces between.
       "4222 2222 2222 2", "3056 9309 0259 04", "4000-0000-0000-0000-006", "6200 0000 0000 0000 0",
       "6200 0000 0000 0000 13", "620000 0000 0000 001 3", "3782 8224 6310 005",
       "378282 246310 005", "4111  1111  1111  1111", "4111  1111 1111  1111"});
  expect_each(is_payment_card, false,
              {"",
               "4111111111111112",      // check digit
               "4111111111111121",      // two digits exchanged
               "2220999999000006",      // one below Mastercard's 2221
               "2721000000000004",      // one above its 2720
               "5600000000000003",      // 56
               "2205000000000009",      // one above Mir's 2204
               "3527000000000008",      // one below JCB's 3528
               "3590000000000000",      // one above its 3589
               "6430000000000007",      // one below Discover's 644
               "30600000000001",        // one above Diners Club's 305
               "6764000000000003",      // one above Maestro's 6763
               "40000000000002",        // 14 digits of Visa
               "34000000000000",        // 14 digits of American Express
               "620000000000000",       // 15 digits of UnionPay
               "60000000000000004",     // 17 digits of RuPay
               "0000000000000000",      // passes Luhn's test
               "41111111111111111111",  // 20 digits
               "4111 1111-1111 1111",
               "4111   1111 1111 1111",
               "4111--1111-1111-1111",
               "4111 -1111 1111 1111",
               "4111 1111 11 111111",
               " 4111111111111111",
               "4111111111111111 ",
               "41 11 11 11 11 11 11 11",
               "4111.1111 1111.1111",
               "411111111111111a",
               "411 111111111 1111"});
}

TEST(Identifiers, AnIbanHasItsCountrysLengthAndChecksModulo97) {
  // Examples of the registry that SWIFT publishes.
  expect_each(is_iban, true,
              {"AD1200012030200359100100",
               "AE070331234567890123456",
               "AL47212110090000000235698741",
               "AT611904300234573201",
               "BE68539007547034",
               "BG80BNBG96611020345678",
               "BR1800360305000010009795493C1",
               "CH9300762011623852957",
               "CY17002001280000001200527600",
               "CZ6508000000192000145399",
               "DE89370400440532013000",
               "DK5000400440116243",
               "EE382200221020145685",
               "ES9121000418450200051332",
               "FI2112345600000785",
               "FR1420041010050500013M02606",
               "GB29NWBK60161331926819",
               "GR1601101250000000012300695",
               "HR1210010051863000160",
               "HU42117730161111101800000000",
               "IE29AIBK93115212345678",
               "IL620108000000099999999",
               "IS140159260076545510730339",
               "IT60X0542811101000000123456",
               "LC55HEMM000100010012001200023015",
               "LT121000011101001000",
               "LU280019400644750000",
               "LV80BANK0000435195001",
               "MT84MALT011000012345MTLCAST001S",
               "NL91ABNA0417164300",
               "NO9386011117947",
               "PL61109010140000071219812874",
               "PT50000201231234567890154",
               "RO49AAAA1B31007593840000",
               "RU0304452522540817810538091310419",
               "SA0380000000608010167519",
               "SC18SSCB11010000000000001497USD",
               "SE4550000000058398257466",
               "SI56263300012039086",
               "SK3112000000198742637541",
               "TR330006100519786457841326"});
  expect_each(is_iban, true,
              {"DE89 3704 0044 0532 0130 00", "gb29 nwbk 6016 1331 9268 19", "NO93 8601 1117 947",
               "DE89-3704-0044-0532-0130-00", "LC55 HEMM 0001 0001 0012 0012 0002 3015",
               "DE89  3704 0044 0532  0130  00"});
  expect_each(is_iban, false,
              {"", "DE", "DE89370400440532013001",  // check digits
               "DE89370400440532031000",            // two digits exchanged
               "DE8937040044053201300",             // 21 characters
               "DE893704004405320130000",           // 23 characters
               "XX89370400440532013000",            // no country
               "US89370400440532013000",            // a country without such numbers
               "DE8937040044053201300O",            // the letter O
               "DE89 370400440532013000", "DE89 3704 0044 0532 0130 0 0",
               "DE89-3704 0044 0532 0130 00", "DE89-3704-0044-0532-0130-00-",
               "DE89   3704 0044 0532 0130 00", "DE89--3704-0044-0532-0130-00",
               "DE89 3704 0044 0532 0130 00 ", "D E89 3704 0044 0532 0130"});
}

TEST(Identifiers, AnIbansCheckDigitsLieBetween02And98) {
  // 97 less, or more, leaves the same rest; ISO 13616 gives 98 minus a rest from 0 to 96.
  for (const char* account : {"123400000019", "123400000037", "123400000055"}) {
    const auto with = [&](const char* check) {
      return is_iban(std::string("BE").append(check).append(account));
    };
    int right = 0;
    for (const char* check : {"02", "98", "97"}) right += with(check) ? 1 : 0;
    EXPECT_EQ(right, 1) << account;
    for (const char* check : {"00", "01", "99"}) EXPECT_FALSE(with(check)) << account;
  }
}

TEST(Identifiers, ASocialSecurityNumberHasAnAreaAGroupAndASerial) {
  expect_each(is_us_ssn, true,
              {"001-01-0001", "665-99-9999", "667-01-0001", "899-99-9999", "123 45 6789",
               "123456789", "123  45  6789", "123  45 6789"});
  expect_each(
      is_us_ssn, false,
      {"000-12-3456", "666-12-3456", "900-12-3456", "999-12-3456", "123-00-4567", "123-45-0000",
       "12-345-6789", "123-456-789", "123-45-678", "123-45-67890", "123 45-6789", "123   45 6789",
       "123--45-6789", "123.45.6789", "12345678", "1234567890", "123-45-678a", ""});
}

TEST(Identifiers, ARoutingNumberHasAPrefixInUseAndItsSum) {
  // Of banks and Federal Reserve Banks, which publish theirs.
  expect_each(
      is_us_routing_number, true,
      {"021000021", "011401533", "121042882", "322271627", "111000025", "000000518", "800000006"});
  expect_each(is_us_routing_number, false,
              {"021000022",  // sum
               "021000210",  // two digits exchanged
               "000000000", "130000006", "200000004", "330000000", "600000002", "730000000",
               "790000008", "810000003", "02100002", "0210000211", "021-000-021", "02100002a", ""});
}

TEST(Identifiers, AChineseResidentHasAProvinceABirthDateAndACheckCharacter) {
  // The examples of GB 11643-1999, and others reckoned by its rule.
  expect_each(is_chinese_resident_id, true,
              {"11010519491231002X", "440524188001010014", "11010519491231002x",
               "830105194912310029", "110105200002290021", "820001198510031209"});
  expect_each(
      is_chinese_resident_id, false,
      {"110105194912310021",  // check character
       "11010519491213002X",  // two digits exchanged
       "160105194912310029",  // no province
       "110105194902290029",  // no leap year
       "110105190002290025",  // 1900 was none
       "110105194913010029",  // month
       "110105194912310003",  // no number
       "110105179912310024", "110105210012310021", "11010519491231002", "1101051949123100211",
       "11010519491231002Y", "110105 19491231002X", "X1010519491231002X", ""});
}

TEST(Identifiers, AChineseMobileNumberHasASegmentInUse) {
  expect_each(
      is_chinese_mobile, true,
      {"13800138000", "14500000000", "15000000000", "16600000000", "17800000000", "18612345678",
       "19912345678", "138 0013 8000", "138-0013-8000", "+8613800138000", "+86 138 0013 8000",
       "+86-13800138000", "8613800138000", "0086 13800138000", "+86  138  0013  8000"});
  expect_each(
      is_chinese_mobile, false,
      {"12800138000", "10000000000", "11000000000", "14200000000", "15400000000", "16000000000",
       "17900000000", "19400000000", "23800138000", "1380013800", "138001380000", "1380 013 8000",
       "138 0013-8000", "+8513800138000", "+86   13800138000", "+13800138000", "13800 138000", ""});
}

TEST(Identifiers, AnAddressForMailIsADotAtomAndADomain) {
  expect_each(is_email, true,
              {"a@b.cd", "jdoe@example.org", "john.q.public@example.com", "o'brien@example.com",
               "user+tag@example.co.uk", "_x-1@sub-1.example.com", "x@xn--bcher-kva.example",
               "x@example.xn--p1ai", "JOHN@EXAMPLE.COM", "müller@exämple.de", "ümit@пример.рф",
               "nguyễn@example.vn", "ễ@ễ.vn", "דוד@example.il", "ქეთი@example.ge", "राम@example.in",
               // RFC 6531, in scripts without spaces between words.
               "张@例.中国", "张三@example.com", "张三123@example.com", "zhang张三@example.com",
               "สมชาย@ตัวอย่าง.ไทย", "홍길동@예시.한국", "홍길동1@example.kr", "たろう@example.jp",
               "kim@예시.com", "𠀀@example.cn", "a!#$%&'*/=?^`{|}~b@example.com", "1@2.cd"});
  expect_each(
      is_email, false,
      {"", "a@b", "@b.cd", "a@", "a.b.cd", "a@b.c", ".a@b.cd", "a.@b.cd", "a..b@b.cd", "a@.b.cd",
       "a@b..cd", "a@b.cd.", "a@-b.cd", "a@b-.cd", "a@b.c1", "a@b.12", "a@b@c.de", "a b@c.de",
       "\"a\"@b.cd", "a@[192.0.2.1]", "a@b_c.de", "a@b.cd ", "'a@b.cd", "a@b.-cd",
       // What is no address but a sentence around one.
       "邮箱zhang@example.com", "我的123456@example.com", "a@b.cd谢谢", "a@例.中", "a@b.中国cd",
       "张，三@example.com"});
  const std::string local(64, 'a'), label(63, 'b');
  EXPECT_TRUE(is_email(local + "@b.cd"));
  EXPECT_FALSE(is_email("a" + local + "@b.cd"));
  EXPECT_TRUE(is_email("a@" + label + ".cd"));
  EXPECT_FALSE(is_email("a@b" + label + ".cd"));
  const std::string domain = label + "." + label + "." + label;
  EXPECT_TRUE(is_email(std::string(254 - 192 - 3, 'a') + "@" + domain + ".cd"));
  EXPECT_FALSE(is_email(std::string(255 - 192 - 3, 'a') + "@" + domain + ".cd"));
}

TEST(Identifiers, AnIpv4AddressIsFourNumbersUpTo255WithoutLeadingZeros) {
  expect_each(is_ipv4, true,
              {"0.0.0.0", "192.0.2.1", "255.255.255.255", "10.0.0.1", "1.20.30.199"});
  expect_each(is_ipv4, false,
              {"", "256.0.0.1", "1.2.3", "1.2.3.4.5", "1.2.3.", ".1.2.3", "1..2.3", "01.2.3.4",
               "1.2.3.00", "1.2.3.1000", "1.2.3.a", "1.2.3.4 ", "0x1.2.3.4", "127.1"});
}

TEST(Identifiers, AnIpv6AddressHasAFormOfRfc4291) {
  expect_each(is_ipv6, true,
              {"ABCD:EF01:2345:6789:ABCD:EF01:2345:6789", "2001:DB8:0:0:8:800:200C:417A",
               "2001:DB8::8:800:200C:417A", "FF01::101", "::1", "0:0:0:0:0:0:13.1.68.3",
               "::FFFF:129.144.52.38", "2001:db8::", "1:2:3:4:5:6:7::"});
  expect_each(is_ipv6, false,
              {"", "::", "0:0:0:0:0:0:0:0", ":", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3",
               "12345::1", "g::1", ":1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8:", "::1.2.3", "::1%eth0",
               "2001:db8::/32", "12:30:45"});
}

TEST(Identifiers, AMacAddressIsSixOctets) {
  expect_each(is_mac_address, true,
              {"AC-DE-48-00-00-80", "ac:de:48:00:00:80", "acde.4800.0080", "00:00:00:00:00:01"});
  expect_each(is_mac_address, false,
              {"", "AC-DE-48:00-00-80", "AC-DE-48-00-00", "AC-DE-48-00-00-80-01", "ACDE48000080",
               "AC-DE-48-00-00-8G", "acde-4800-0080", "A-CDE-48-00-00-80", "acde.4800.008"});
}

const std::string kTd1 =
    "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<"
    "<";
const std::string kTd2 =
    "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6";
const std::string kTd3 =
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";

TEST(Identifiers, TravelDocumentsOfUtopiaAreRead) {
  // The specimens of Doc 9303, parts 5, 6 and 4.
  for (const std::string& zone : {kTd1, kTd2, kTd3}) {
    EXPECT_TRUE(is_machine_readable_zone(zone)) << zone;
    EXPECT_TRUE(is_machine_readable_zone(replaced(zone, "\n", "\r\n"))) << zone;
    EXPECT_TRUE(is_machine_readable_zone(replaced(zone, "\n", " "))) << zone;
    EXPECT_FALSE(is_machine_readable_zone(zone + "<"));
    EXPECT_FALSE(is_machine_readable_zone(zone.substr(1)));
    EXPECT_FALSE(is_machine_readable_zone(replaced(zone, "\n", "")));
    for (const char* between : {"  ", " \n", " \r\n", "\n\n", "\n  ", "\r\n\r\n"})
      EXPECT_TRUE(is_machine_readable_zone(replaced(zone, "\n", between))) << zone;
    EXPECT_FALSE(is_machine_readable_zone(replaced(zone, "\n", "     ")));
    EXPECT_FALSE(is_machine_readable_zone(replaced(zone, "\n", "-")));
    EXPECT_FALSE(is_machine_readable_zone(replaced(zone, "740812", "740821")));
    EXPECT_FALSE(is_machine_readable_zone(replaced(zone, "120415", "120514")));
    EXPECT_FALSE(is_machine_readable_zone(replaced(zone, "F1204", "Q1204")));
    EXPECT_FALSE(is_machine_readable_zone(replaced(zone, "ANNA", "anna")));
    EXPECT_FALSE(is_machine_readable_zone(replaced(zone, "UTO", "U1O")));
  }
  EXPECT_FALSE(is_machine_readable_zone(""));
}

TEST(Identifiers, TravelDocumentsCheckEachFieldAndAllTogether) {
  expect_each(is_machine_readable_zone, false,
              {replaced(kTd3, "L898902C3", "L898903C2"), replaced(kTd3, "ZE184226B", "ZE184226C"),
               replaced(kTd3, "10", "11"), replaced(kTd3, "P<UTO", "V<UTO"),
               replaced(kTd2, "D231458907", "D231458970"), replaced(kTd2, "<<<<<<<6", "<<<<<<<7"),
               replaced(kTd1, "D231458907", "D231458970"), replaced(kTd1, "<<<6", "<<<7"),
               replaced(kTd1, "I<UTO", "P<UTO"), replaced(kTd1, "ERIKSSON", "<RIKSSON")});
  // Part 4: the check digit of an empty personal number may be 0 or a filler, with the same sum.
  const std::string empty = replaced(kTd3, "ZE184226B<<<<<10", "<<<<<<<<<<<<<<08");
  EXPECT_TRUE(is_machine_readable_zone(empty));
  EXPECT_TRUE(is_machine_readable_zone(replaced(empty, "<08", "<<8")));
  // Part 5: a number of more than nine characters goes on in the optional field, with its check digit.
  EXPECT_TRUE(
      is_machine_readable_zone("I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<"
                               "2\nSTEVENSON<<PETER<JOHN<<<<<<<<<"));
  EXPECT_FALSE(
      is_machine_readable_zone("I<UTOD23145890<7439<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<"
                               "2\nSTEVENSON<<PETER<JOHN<<<<<<<<<"));
}

TEST(Identifiers, ATelephoneNumberIsInternationalOrOfNorthAmerica) {
  expect_each(
      is_phone_number, true,
      {"+49 30 1234567",     "+493012345678",     "+49 (0)30 123456",    "+49 (30) 12 34 56",
       "+22 607 123 4567",   "+390612345678",     "+44 20 7946 0958",    "0049 30 1234567",
       "+1 415 555 2671",    "+14155552671",      "+1 (415) 555-2671",   "+86 10 6552 9988",
       "+33 1.23.45.67.89",  "+49/30/1234567",    "+234567890123456",    "+41 44 668 18 00",
       "(415) 555-2671",     "(415)555-2671",     "415-555-2671",        "415.555.2671",
       "(+44) 20 7946 0958", "(+49)30 123456",    "(0044) 20 7946 0958", "(+44) (0)20 7946 0958",
       "+44 20 - 7946 0958", "(+1) 415 555 2671", "415 555 2671",        "1-415-555-2671",
       "1 (415) 555-2671",   "+49 30  1234567",   "(+49)  30 1234567",   "1  415  555  2671",
       "(415)  555-2671"});
  expect_each(is_phone_number, false,
              {"",
               "+",
               "+49",
               "+493012",
               "+2345678901234567",
               "+0301234567",
               "+49 30   1234567",
               "+49 30 1234567 ",
               "+49-",
               "+49 (30 1234567",
               "+49 30) 1234567",
               "+49 30 123456(7)",
               "+49 (3) (0) 1234567",
               "+(49) 30 1234567",
               "(+49 30) 1234567",
               "(+4930) 1234567",
               "(+) 30 1234567",
               "(+49)   30 1234567",
               "+49--30-1234567",
               "+44 20 -  7946 0958",
               "+49 30 12345a7",
               "+1 115 555 2671",
               "+1 415 115 2671",
               "+1 415 555 267",
               "+1 411 555 2671",
               "4155552671",
               "115-555-2671",
               "411-555-2671",
               "415-511-2671",
               "415-155-2671",
               "415-5552671",
               "4155-55-2671",
               "415-555-26712",
               "15-555-2671",
               "2-415-555-2671",
               "415/555/2671",
               "415 (555) 2671",
               "030 1234567"});
}

}  // namespace
}  // namespace sfumato
