#include "cli/joint_mail_server.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <list>
#include <thread>
#include <vector>

#include "cli/joint_home.h"
#include "cli/joint_mail_client.h"
#include "ledger/canonical.h"
#include "secagg/clinic.h"

namespace sfumato {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Ask = MailRequest::Kind;
using Tell = MailAnswer::Kind;

Deadline soon() {
  return Clock::now() + seconds(10);
}

/// A coordinator that listens for the three clinics.
struct Agency {
  Scratch scratch;
  QueryPlan plan = approved().plan();
  std::string in_plan = plan_folder(plan.hash());
  std::string in_session = session_folder(plan.hash(), digest_of(7));
  std::unique_ptr<JointMail> folder = folder_mail(scratch.path("mail"));
  std::unique_ptr<MailServer> server = begin();

  std::unique_ptr<MailServer> begin(const std::string& at = "127.0.0.1:0") {
    return MailServer::start(Address::parse(at, "listen").value(), key_of(77), clinic_roster(),
                             plan, *folder)
        .value();
  }
  Address address() const { return Address::parse(server->address(), "address").value(); }

  std::unique_ptr<MailClient> client(unsigned char number, milliseconds patience = {}) {
    return MailClient::make(address(), key_of(number), key_of(77).public_key(),
                            folder_mail(scratch.path("of" + std::to_string(number))),
                            Clock::now() + patience)
        .value();
  }
};

/// A member that says what it likes.
struct Talker {
  Talker(const Agency& agency, unsigned char number)
      : socket(connect_to(agency.address(), soon()).value()),
        link(TlsEnd::make(key_of(number), {key_of(77).public_key()})
                 .value()
                 .connect(socket.value(), soon())
                 .value()),
        greeting(hear()) {}

  /// What is answered; none where the connection has ended.
  std::optional<MailAnswer> hear() {
    const auto frame = link.receive(std::size_t{1} << 20, soon());
    return frame && *frame ? MailAnswer::parse(**frame) : std::nullopt;
  }
  std::optional<MailAnswer> ask(const MailRequest& request) {
    return link.send(request.bytes()) ? hear() : std::nullopt;
  }

  Descriptor socket;
  TlsLink link;
  std::optional<MailAnswer> greeting;
};

MailRequest put_of(const std::string& name, std::string_view bytes) {
  return {.kind = Ask::put,
          .name = name,
          .size = static_cast<std::uint32_t>(bytes.size()),
          .hash = sha256(bytes)};
}

std::string approval_by(const Agency& agency, unsigned char number) {
  return std::string(
      view_of(ApprovedPlan::approve(agency.plan, clinic_roster(), key_of(number))->signature));
}

TEST(MailServer, CarriesMailBetweenItsFolderAndThoseOfMembers) {
  Agency agency;
  ASSERT_TRUE(agency.folder->put(agency.in_plan + "plan", "a plan"));
  const auto east = agency.client(1), north = agency.client(2);
  EXPECT_EQ(east->get(agency.in_plan + "plan").value(), "a plan");
  EXPECT_EQ(contents(agency.scratch.path("of1/" + agency.in_plan + "plan")), "a plan");
  EXPECT_EQ(east->get(agency.in_plan + "sums").value(), std::nullopt);

  const std::string approval = approval_by(agency, 1);
  ASSERT_TRUE(east->put(agency.in_plan + "approval.0", approval));
  EXPECT_EQ(agency.folder->get(agency.in_plan + "approval.0").value(), approval);
  EXPECT_EQ(north->get(agency.in_plan + "approval.0").value(), approval);
}

TEST(MailServer, BytesThatItHasAreNotAskedForAgain) {
  Agency agency;
  Talker east(agency, 1);
  EXPECT_EQ(east.greeting->kind, Tell::ready);
  const std::string approval = approval_by(agency, 1);
  const MailRequest request = put_of(agency.in_plan + "approval.0", approval);
  EXPECT_EQ(east.ask(request)->kind, Tell::send);
  ASSERT_TRUE(east.link.send(approval));
  EXPECT_EQ(east.hear()->kind, Tell::kept);
  EXPECT_EQ(east.ask(request)->kind, Tell::kept);
}

TEST(MailServer, AMessageThatIsCutIsNotThereAndComesWholeTheNextTime) {
  Agency agency;
  agency.server->open(digest_of(7));
  const std::string name = agency.in_session + "from.0.1", message(1000, 'm');
  {
    Talker east(agency, 1);
    ASSERT_EQ(east.ask(put_of(name, message))->kind, Tell::send);
    ASSERT_TRUE(east.link.send(message.substr(0, 500)));  // another size than it told
    const auto told = east.hear();
    ASSERT_TRUE(told);
    EXPECT_EQ(told->content, "says something else than it had told");
  }
  {
    Talker east(agency, 1);
    ASSERT_EQ(east.ask(put_of(name, message))->kind, Tell::send);
    ASSERT_TRUE(east.link.send(std::string(1000, 'n')));
    EXPECT_EQ(east.hear()->content, "says something else than it had told");
    ASSERT_EQ(east.ask(put_of(name, message))->kind, Tell::send);
  }  // and is gone
  EXPECT_EQ(agency.folder->get(name).value(), std::nullopt);
  ASSERT_TRUE(agency.client(1)->put(name, message));
  EXPECT_EQ(agency.folder->get(name).value(), message);
}

TEST(MailServer, RefusesWhatIsNotAMembersOwnAndGoesOn) {
  Agency agency;
  agency.server->open(digest_of(7));
  ASSERT_TRUE(agency.server->put(agency.in_session + "to.1.1", "for north"));
  Talker east(agency, 1);
  const auto refused = [&](const MailRequest& request) {
    const auto told = east.ask(request);
    return told && told->kind == Tell::refused ? told->content : "";
  };
  EXPECT_EQ(refused({.kind = Ask::get, .name = agency.in_session + "to.1.1"}),
            "asks for what is not for it");
  EXPECT_EQ(refused({.kind = Ask::get, .name = "../of1/secret"}), "asks for what is not for it");
  EXPECT_EQ(refused(put_of(agency.in_session + "from.1.1", "x")), "says what is not its to say");
  EXPECT_EQ(refused(put_of(agency.in_plan + "plan", "x")), "says what is not its to say");
  EXPECT_EQ(refused(put_of(agency.in_session + "from.0.1", std::string(16'385, 'x'))),
            "says more than there is to say");

  const std::string of_another = approval_by(agency, 2);
  ASSERT_EQ(east.ask(put_of(agency.in_plan + "approval.0", of_another))->kind, Tell::send);
  ASSERT_TRUE(east.link.send(of_another));
  EXPECT_EQ(
      east.hear()->content,
      "signatures must be of these bytes by their member's key, that of 'clinic east' is not");
  EXPECT_EQ(agency.client(2)->get(agency.in_session + "to.1.1").value(), "for north");
}

TEST(MailServer, AFrameThatIsTooLongEndsItsConnectionAlone) {
  Agency agency;
  Talker east(agency, 1), north(agency, 2);
  ASSERT_TRUE(east.link.send(std::string(kLongestRequest + 1, 'x')));
  EXPECT_FALSE(east.hear());
  ASSERT_TRUE(north.link.send("no request"));
  EXPECT_FALSE(north.hear());
  EXPECT_EQ(agency.client(1)->get(agency.in_plan + "plan").value(), std::nullopt);
}

TEST(MailServer, MessagesOfASessionWaitUntilItIsKnown) {
  Agency agency;
  const std::string name = agency.in_session + "from.0.1";
  Talker east(agency, 1);
  EXPECT_EQ(east.ask(put_of(name, "x"))->kind, Tell::later);
  EXPECT_EQ(east.ask({.kind = Ask::get, .name = agency.in_session + "to.0.1"})->kind, Tell::later);
  std::thread opens([&] {
    std::this_thread::sleep_for(milliseconds(100));
    agency.server->open(digest_of(7));
  });
  EXPECT_EQ(east.ask(put_of(name, "x"))->kind, Tell::send);
  opens.join();
}

TEST(MailServer, TellsOfNewsAsTheyCome) {
  Agency agency;
  Talker east(agency, 1);
  const std::uint64_t before = east.ask({.kind = Ask::news, .name = {}})->changes;
  std::thread puts([&] {
    std::this_thread::sleep_for(milliseconds(50));
    agency.server->put(agency.in_plan + "sums", "x").value();
  });
  const auto begin = Clock::now();
  EXPECT_EQ(east.ask({.kind = Ask::news, .name = {}, .changes = before})->changes, before + 1);
  EXPECT_GE(Clock::now() - begin, milliseconds(50));
  puts.join();
}

TEST(MailServer, KnowsThatSumsHaveComeByWhoSaysSo) {
  Agency agency;
  Talker early(agency, 2);
  EXPECT_EQ(early.ask({.kind = Ask::done, .name = {}})->kind, Tell::refused) << "there are none";
  ASSERT_TRUE(agency.folder->put(agency.in_plan + "sums", "the sums"));
  Talker east(agency, 1), south(agency, 3);
  ASSERT_EQ(east.ask({.kind = Ask::get, .name = agency.in_plan + "sums"})->content, "the sums");
  ASSERT_EQ(south.ask({.kind = Ask::get, .name = agency.in_plan + "sums"})->content, "the sums");
  EXPECT_TRUE(agency.server->told().empty());
  south.link.end();
  ASSERT_TRUE(east.ask({.kind = Ask::get, .name = agency.in_plan + "plan"}));
  EXPECT_TRUE(agency.server->told().empty())
      << "of what was given away nobody knows whether it came";
  EXPECT_EQ(east.ask({.kind = Ask::done, .name = {}})->kind, Tell::kept);
  for (int i = 0; i < 500 && agency.server->told().empty(); ++i)
    std::this_thread::sleep_for(milliseconds(10));
  EXPECT_EQ(agency.server->told(), (std::set<std::size_t>{0}));
}

TEST(MailServer, SilentStrangersMakeRoomForWhoComesLater) {
  Agency agency;
  std::vector<Descriptor> silent;
  for (int i = 0; i < 100; ++i) silent.push_back(connect_to(agency.address(), soon()).value());
  EXPECT_EQ(agency.client(1, seconds(20))->get(agency.in_plan + "plan").value(), std::nullopt);
  char byte = 0;  // the first of them was cut, before its time for a handshake was over
  EXPECT_TRUE(wait_for(silent.front().value(), POLLIN, Clock::now() + seconds(3)));
  EXPECT_LE(::recv(silent.front().value(), &byte, 1, 0), 0);
}

TEST(MailServer, OneMembersFifthConnectionEndsItsFirst) {
  Agency agency;
  const MailRequest request{.kind = Ask::get, .name = agency.in_plan + "plan"};
  Talker north(agency, 2);
  std::list<Talker> east;
  for (int i = 0; i < 4; ++i) east.emplace_back(agency, 1);
  for (Talker& one : east) EXPECT_TRUE(one.ask(request)) << "four are none too many";
  east.emplace_back(agency, 1);
  EXPECT_FALSE(east.front().hear());
  EXPECT_TRUE(east.back().ask(request));
  EXPECT_TRUE(north.ask(request)) << "is older, and another member's";
}

TEST(MailServer, OneThatStallsStopsNobodyElse) {
  Agency agency;
  agency.server->open(digest_of(7));
  Talker east(agency, 1);
  ASSERT_EQ(east.ask(put_of(agency.in_session + "from.0.1", "a message"))->kind, Tell::send);
  const std::string approval = approval_by(agency, 2);  // while the message is awaited
  ASSERT_TRUE(agency.client(2)->put(agency.in_plan + "approval.1", approval));
}

TEST(MailClient, MakesALostConnectionAgain) {
  Agency agency;
  const auto east = agency.client(1, seconds(20));
  EXPECT_EQ(east->get(agency.in_plan + "plan").value(), std::nullopt);
  const std::string at = agency.server->address();
  agency.server.reset();
  ASSERT_TRUE(agency.folder->put(agency.in_plan + "plan", "a plan"));
  std::thread returns([&] {
    std::this_thread::sleep_for(milliseconds(200));
    agency.server = agency.begin(at);
  });
  EXPECT_EQ(east->get(agency.in_plan + "plan").value(), "a plan");
  returns.join();
}

TEST(MailClient, SaysWhatIsInTheWayWhenItsTimeIsOver) {
  Agency agency;
  const auto east = agency.client(1);
  agency.server.reset();
  const auto lost = east->get(agency.in_plan + "plan");
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().code, Errc::unavailable);
  EXPECT_EQ(lost.error().message, "can't be reached: Connection refused");
}

/// What a member gets from a coordinator that answers every request alike.
Result<std::optional<std::string>> got_from(Tell greeting, Tell reply) {
  const Scratch scratch;
  const Descriptor listener = listen_at(Address::parse("127.0.0.1:0", "listen").value()).value();
  std::thread liar([&] {
    if (!wait_for(listener.value(), POLLIN, soon())) return;
    const Descriptor socket = accept_at(listener.value());
    const TlsEnd end = TlsEnd::make(key_of(77), {key_of(1).public_key()}).value();
    auto link = end.accept(socket.value(), soon());
    for (Tell next = greeting; link; next = reply) {
      if (!link->send(MailAnswer{.kind = next, .content = {}}.bytes())) return;
      const auto request = link->receive(kLongestRequest, soon());
      if (!request || !*request) return;
    }
  });
  auto got = [&] {
    return MailClient::make(Address::parse(own_address(listener.value()), "address").value(),
                            key_of(1), key_of(77).public_key(), folder_mail(scratch.path("mail")),
                            Clock::now())
        .value()
        ->get("plan-00/plan");
  }();
  liar.join();
  return got;
}

TEST(MailClient, TakesNothingFromACoordinatorThatAnswersSomethingElse) {
  EXPECT_EQ(got_from(Tell::ready, Tell::nothing).value(), std::nullopt);
  for (const auto& [greeting, reply] : {std::pair(Tell::kept, Tell::nothing),
                                        {Tell::ready, Tell::kept},
                                        {Tell::ready, Tell::changes},
                                        {Tell::ready, Tell::send}}) {
    const auto got = got_from(greeting, reply);
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().message, "must be to a coordinator that answers what it was asked");
  }
}

TEST(MailClient, IsRefusedWithoutTryingAgain) {
  Agency agency;
  const auto stranger = agency.client(9, seconds(20));
  const auto begin = Clock::now();
  const auto refused = stranger->get(agency.in_plan + "plan");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "is refused there: this home's key is none of its roster's");
  EXPECT_LT(Clock::now() - begin, seconds(10));
}

TEST(MailClient, WhatItSaysLiesInItsFolderThoughNobodyAnswers) {
  Agency agency;
  const auto east = agency.client(1);
  agency.server.reset();
  EXPECT_FALSE(east->put(agency.in_plan + "approval.0", "said"));
  EXPECT_EQ(contents(agency.scratch.path("of1/" + agency.in_plan + "approval.0")), "said");
}

}  // namespace
}  // namespace sfumato
