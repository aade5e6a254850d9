#include "cli/joint_talk.h"

#include <gtest/gtest.h>

#include "ledger/canonical.h"

namespace sfumato {
namespace {

using Ask = MailRequest::Kind;
using Tell = MailAnswer::Kind;

const MailRequest kRequests[] = {
    {.kind = Ask::get, .name = "plan-00/plan"},
    {.kind = Ask::put, .name = "plan-00/word.2", .size = 70'000, .hash = sha256("word")},
    {.kind = Ask::news, .name = {}, .changes = 0x0102030405060708},
    {.kind = Ask::done, .name = {}}};

const MailAnswer kAnswers[] = {{.kind = Tell::ready, .content = {}},
                               {.kind = Tell::here, .content = "bytes"},
                               {.kind = Tell::here, .content = {}},
                               {.kind = Tell::nothing, .content = {}},
                               {.kind = Tell::send, .content = {}},
                               {.kind = Tell::kept, .content = {}},
                               {.kind = Tell::changes, .content = {}, .changes = 300},
                               {.kind = Tell::later, .content = "has not begun"},
                               {.kind = Tell::refused, .content = "says too much"}};

TEST(JointTalk, RequestsHaveTheBytesOfTheirDocument) {
  EXPECT_EQ(kRequests[0].bytes(), std::string("\x01\x0cplan-00/plan"));
  EXPECT_EQ(kRequests[1].bytes(), std::string("\x02\x0eplan-00/word.2\x00\x01\x11\x70", 20) +
                                      std::string(view_of(sha256("word"))));
  EXPECT_EQ(kRequests[2].bytes(), "\x03\x01\x02\x03\x04\x05\x06\x07\x08");
  EXPECT_EQ(kRequests[3].bytes(), "\x04");
}

TEST(JointTalk, AnswersHaveTheBytesOfTheirDocument) {
  EXPECT_EQ(kAnswers[0].bytes(), "\x01");
  EXPECT_EQ(kAnswers[1].bytes(),
            "\x02"
            "bytes");
  EXPECT_EQ(kAnswers[6].bytes(), std::string("\x06\0\0\0\0\0\0\x01\x2c", 9));
  EXPECT_EQ(kAnswers[8].bytes(), std::string("\x08\x00\x0dsays too much", 16));
}

TEST(JointTalk, ReadsWhatItWrites) {
  for (const MailRequest& request : kRequests)
    EXPECT_EQ(MailRequest::parse(request.bytes()), request);
  for (const MailAnswer& answer : kAnswers) EXPECT_EQ(MailAnswer::parse(answer.bytes()), answer);
}

TEST(JointTalk, WhatIsCutOrLongerIsNone) {
  for (const MailRequest& request : kRequests) {
    const std::string bytes = request.bytes();
    EXPECT_FALSE(MailRequest::parse(bytes + '\0'));
    for (std::size_t size = 0; size < bytes.size(); ++size)
      EXPECT_FALSE(MailRequest::parse(bytes.substr(0, size)));
  }
  for (const MailAnswer& answer : kAnswers) {
    if (answer.kind == Tell::here) continue;
    const std::string bytes = answer.bytes();
    EXPECT_FALSE(MailAnswer::parse(bytes + '\0'));
    for (std::size_t size = 0; size < bytes.size(); ++size)
      EXPECT_FALSE(MailAnswer::parse(bytes.substr(0, size)));
  }
}

TEST(JointTalk, KindsThatAreNotListedAreNone) {
  for (const char kind : {'\0', '\x05', '\xff'}) EXPECT_FALSE(MailRequest::parse({&kind, 1}));
  for (const char kind : {'\0', '\x09', '\xff'}) EXPECT_FALSE(MailAnswer::parse({&kind, 1}));
  EXPECT_FALSE(MailRequest::parse(std::string("\x01\0", 2)));  // a name of no letter
}

TEST(JointTalk, NoRequestIsLongerThanWhatIsReadOfOne) {
  const MailRequest longest{.kind = Ask::put, .name = std::string(255, 'x'), .size = ~0u};
  EXPECT_LE(longest.bytes().size(), kLongestRequest);
  EXPECT_EQ(MailRequest::parse(longest.bytes()), longest);
}

}  // namespace
}  // namespace sfumato
