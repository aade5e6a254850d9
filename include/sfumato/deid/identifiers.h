#pragma once

#include <string_view>

namespace sfumato {

// Whether a text is, whole, an identifier of a kind as its standard defines it. Texts are ASCII. Where digits
// may stand in groups, one or two spaces, or a hyphen, lie between two of them, and all of these are the same. None of
// them asks anybody whether the number was ever given out.
//
// Proof   tests/deid/identifiers_test.cpp: what each accepts and refuses, from its standard

/// A payment card's number: 12 to 19 digits, solid or in groups of at least three (the first of at least
/// four, the last of any size), dots between them allowed too, of a length and a range of an issuer (Visa, Mastercard with 2221 to 2720, American Express,
/// Discover, Diners Club, JCB, UnionPay, Maestro, Mir, RuPay), that pass Luhn's test.
///
/// Origin  ISO/IEC 7812-1, annex B; ranges as the networks publish them
bool is_payment_card(std::string_view text) noexcept;

/// An international bank account number: of its country's length, solid or in groups of four, letters of
/// either case, with check digits from 02 to 98 that are right.
///
/// Origin  ISO 13616-1; lengths of the registry that SWIFT keeps
bool is_iban(std::string_view text) noexcept;

/// A social security number of the United States, AAA-GG-SSSS, in groups or solid: neither area 000, 666 or
/// 900 to 999, nor group 00, nor serial 0000.
///
/// Origin  Social Security Administration, POMS RM 10201.035, randomised since 2011
bool is_us_ssn(std::string_view text) noexcept;

/// A routing number of a bank in the United States: nine digits, not all 0, of a prefix in use (00 to 12, 21
/// to 32, 61 to 72, 80), whose sum with weights 3, 7, 1 ends in 0.
///
/// Origin  American Bankers Association, X9.9 key to routing numbers
bool is_us_routing_number(std::string_view text) noexcept;

/// A resident identity number of China: 17 digits and a digit or X; the first two are a province's, the next
/// ones a date from 1800 to 2099 that the calendar has, then a number above 0, and the last a check character.
///
/// Origin  GB 11643-1999; GB/T 2260 for provinces; ISO 7064, MOD 11-2
bool is_chinese_resident_id(std::string_view text) noexcept;

/// A mobile number of China: 11 digits of a segment that is in use, solid or as 3-4-4, after +86, 0086 or 86
/// or without.
///
/// Origin  Telecommunications Network Numbering Plan (Ministry of Industry and Information Technology, 2017), and segments since
bool is_chinese_mobile(std::string_view text) noexcept;

/// An address for mail: up to 64 characters, `@`, and a domain of at least two labels, 254 in all. The local
/// part is a dot-atom that begins and ends with a letter, a digit, `_`, `+` or `-`; labels are letters, digits
/// and inner hyphens, the last without a digit unless it is `xn--`. Letters beyond ASCII are
/// those of U+00C0 to U+0DFF, Georgian, and U+1E00 to U+1FFF, in UTF-8; and those of scripts that are written without spaces (Thai, Chinese,
/// Korean and so on): in a local part where its last letter is one, with at most four digits behind, for else they are the sentence that an address stands in;
/// and in labels, of which the last has at least two of them and no other. Quoted local parts and address literals are none.
///
/// Origin  RFC 5321, 4.5.3.1; RFC 5322, 3.2.3; RFC 1035, 2.3.1; RFC 6531 for letters
bool is_email(std::string_view text) noexcept;

/// Four decimal numbers up to 255 without leading zeros. Origin  RFC 6943, 3.1.1, the strict form
bool is_ipv4(std::string_view text) noexcept;

/// The text forms of RFC 4291, 2.2, without a zone; not the unspecified address `::`, which is nobody's.
bool is_ipv6(std::string_view text) noexcept;

/// An EUI-48: six octets with `-` or `:` between them, or three times four digits with dots.
///
/// Origin  IEEE 802-2014, 8.1
bool is_mac_address(std::string_view text) noexcept;

/// The machine-readable lines of a travel document: 3 of 30 characters (TD1), 2 of 36 (TD2) or 2 of 44 (TD3,
/// a passport), 1 to 4 spaces, line feeds and carriage returns between them, with all check digits
/// right and at least one filler `<`.
///
/// Origin  ICAO Doc 9303, part 3, 4.9; part 4, 4.2; part 5, 4.2; part 6, 4.2
bool is_machine_readable_zone(std::string_view text) noexcept;

/// A telephone number: `+` or 00, and 7 to 15 digits that begin with a country code, one of which may be a
/// trunk prefix `(0)`; one or two spaces, a dot, hyphen or slash, or ` - `, may lie between digits, and one group may stand in
/// parentheses, and the country code with what comes before it, too. Or ten digits of North America, NXX-NXX-XXXX in groups, NXX of no N11, after 1 or without.
///
/// Origin  ITU-T E.164 (2010), 6; E.123; North American Numbering Plan, ATIS-0300051
bool is_phone_number(std::string_view text) noexcept;

}  // namespace sfumato
