#include "sfumato/aggregate/kept_stream.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <string>
#include <vector>

#include "support/fixed_bits.h"
#include "support/scratch.h"

namespace sfumato {
namespace {

ContinualParams days(PrivacyTotal total = ApproximateTotal{1.0_eps, 0.0_delta}) {
  return {.total = total,
          .horizon = 40,
          .max_steps = 3,
          .per_step = LInfSensitivity::make(2).value(),
          .exponent = -1};
}

class KeptStreamOf : public testing::Test {
 protected:
  std::string path() const { return scratch_.path("visits.stream"); }

  KeptStream after(int steps) {
    KeptStream stream = KeptStream::create(path(), days()).value();
    FixedBits bits(1);
    for (int step = 0; step < steps; ++step) EXPECT_TRUE(stream.release(10 * step, bits));
    return stream;
  }

  void write(const std::string& bytes) { scratch_.file("visits.stream", bytes); }

  Scratch scratch_;
};

// The same words of the same bit stream, whatever is closed and opened in between.
TEST_F(KeptStreamOf, RestartsChangeNoAnswer) {
  for (const PrivacyTotal& total :
       {PrivacyTotal(ApproximateTotal{1.0_eps, 0.0_delta}),
        PrivacyTotal(ApproximateTotal{1.0_eps, 1e-6_delta}),
        PrivacyTotal(ConcentratedTotal{Rho::make(0.5).value(), 0.0_delta})}) {
    BinaryTreeMechanism whole = BinaryTreeMechanism::make(days(total)).value();
    const std::string name = scratch_.path("stream" + std::to_string(scratch_.files()));
    ASSERT_TRUE(KeptStream::create(name, days(total)));
    FixedBits bits(7), same(7);
    for (int step = 1; step <= 40; ++step) {
      const double expected = whole.release(step * step - 50, bits).value();
      KeptStream kept = KeptStream::open(name).value();
      EXPECT_EQ(kept.release(step * step - 50, same).value(), expected);
      const KeptStream again = KeptStream::open(name).value();
      EXPECT_EQ(again.steps(), step);
      EXPECT_EQ(again.latest(), expected);
    }
    EXPECT_EQ(KeptStream::open(name).value().release(0, bits).error().where, "horizon");
  }
}

TEST_F(KeptStreamOf, OfTwoThatTakeOneStepOneAnswers) {
  KeptStream one = after(5);
  KeptStream other = KeptStream::open(path()).value();
  FixedBits bits(2);
  const double answer = one.release(1, bits).value();
  EXPECT_FALSE(other.release(1, bits));
  EXPECT_FALSE(other.release(1, bits));  // nor ever after
  EXPECT_TRUE(one.release(2, bits));
  const KeptStream now = KeptStream::open(path()).value();
  EXPECT_EQ(now.steps(), 7);
  EXPECT_NE(now.latest(), answer);
}

TEST_F(KeptStreamOf, WhereTheFileCannotBeWrittenNothingIsAnswered) {
  KeptStream stream = after(3);
  std::filesystem::remove(path());
  FixedBits bits(2);
  EXPECT_FALSE(stream.release(1, bits));
  EXPECT_FALSE(stream.release(1, bits));
}

TEST_F(KeptStreamOf, AFileThatIsThereIsNotMadeAnew) {
  after(3);
  EXPECT_FALSE(KeptStream::create(path(), days()));
  EXPECT_EQ(KeptStream::open(path()).value().steps(), 3);
}

TEST_F(KeptStreamOf, ItIsForItsOwnersEyesAlone) {
  after(1);
  struct stat about {};
  ASSERT_EQ(::stat(path().c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600u);
  ::chmod(path().c_str(), 0644);
  EXPECT_FALSE(KeptStream::open(path()));
}

TEST_F(KeptStreamOf, BytesThatAreCutOrAlteredAreRefused) {
  after(5);
  const std::string bytes = contents(path());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    write(bytes.substr(0, size));
    EXPECT_FALSE(KeptStream::open(path())) << size;
  }
  write(bytes + '\0');
  EXPECT_FALSE(KeptStream::open(path()));
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string altered = bytes;
    altered[i] = static_cast<char>(altered[i] ^ (1 << i % 8));
    write(altered);
    EXPECT_FALSE(KeptStream::open(path())) << i;
  }
  write(bytes);
  EXPECT_TRUE(KeptStream::open(path()));
}

TEST_F(KeptStreamOf, MissingFilesAndUnsoundParametersAreRefused) {
  EXPECT_FALSE(KeptStream::open(path()));
  ContinualParams none = days();
  none.horizon = 0;
  EXPECT_FALSE(KeptStream::create(path(), none));
  EXPECT_EQ(scratch_.files(), 0u);
}

}  // namespace
}  // namespace sfumato
