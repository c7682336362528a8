// Windowed budgets against models that keep a list of everything that ever happened.
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "model/policy/budget.h"
#include "sim/random.h"

namespace spillway::model {
namespace {

using namespace sim::literals;

/// Times of events; counts those in the slots that make up the window.
class EventList {
 public:
  EventList(sim::Duration window, std::int64_t slots) : width_(window.ns / slots), slots_(slots) {}
  void add(sim::Time now) { times_.push_back(now); }
  double count(sim::Time now) const {
    const std::int64_t first = (now.ns / width_ - slots_ + 1) * width_;
    return static_cast<double>(
        std::count_if(times_.begin(), times_.end(), [=](sim::Time t) { return t.ns >= first; }));
  }

 private:
  std::int64_t width_;
  std::int64_t slots_;
  std::vector<sim::Time> times_;
};

class NaiveWindowBudget {
 public:
  NaiveWindowBudget(const WindowBudget& spec, const WindowReading& reading)
      : spec_(spec),
        reading_(reading),
        requests_(spec.interval, reading.slots),
        retries_(spec.interval, reading.slots),
        recent_(spec.min_interval, reading.slots) {}

  void on_request(sim::Time now) { requests_.add(now); }
  void on_retry_start(sim::Time now) {
    if (reading_.counted == WindowReading::Counted::at_dispatch) add(now);
  }
  bool try_withdraw(sim::Time now) {
    const double retries = retries_.count(now);
    double base = requests_.count(now);
    if (reading_.share == WindowReading::Share::all) base += retries;
    bool allowed = (retries + 1) * 100 <= spec_.percent * base;
    if (reading_.floor == WindowReading::Floor::scaled) {
      const double scaled =
          spec_.min_count * spec_.interval.seconds() / spec_.min_interval.seconds();
      allowed = allowed || retries + 1 <= scaled;
    } else {
      allowed = allowed || recent_.count(now) + 1 <= spec_.min_count;
    }
    if (allowed && reading_.counted == WindowReading::Counted::at_decision) add(now);
    return allowed;
  }

 private:
  void add(sim::Time now) {
    retries_.add(now);
    recent_.add(now);
  }

  WindowBudget spec_;
  WindowReading reading_;
  EventList requests_;
  EventList retries_;
  EventList recent_;
};

void compare_on_random_traffic(const WindowReading& reading) {
  const WindowBudget spec{.percent = 25, .interval = 2_s, .min_count = 3, .min_interval = 500_ms};
  RetryBudget budget(spec, {.ratio = {}, .window = reading});
  NaiveWindowBudget naive(spec, reading);
  sim::Draw draw(11);
  sim::Time now{};
  int granted = 0;
  for (int i = 0; i < 4000; ++i) {
    // Quiet and busy periods, so that both the share and the floor decide.
    now = now + sim::from_seconds(sim::exponential(draw) * (i / 400 % 2 == 0 ? 0.1 : 0.005));
    if (draw.below(2) == 0) {
      budget.on_request(now);
      naive.on_request(now);
      continue;
    }
    const bool allowed = budget.try_withdraw(now, false);
    ASSERT_EQ(allowed, naive.try_withdraw(now)) << "step " << i;
    if (!allowed) continue;
    ++granted;
    now = now + 1_ms;
    budget.on_retry_start(now);
    naive.on_retry_start(now);
  }
  EXPECT_GT(granted, 300);
  EXPECT_LT(granted, 1900);
}

TEST(WindowBudget, AgreesWithListsOfAllEventsInEveryReading) {
  using enum WindowReading::Share;
  using enum WindowReading::Floor;
  using enum WindowReading::Counted;
  for (const auto share : {all, originals}) {
    for (const auto floor : {per_min_interval, scaled}) {
      for (const auto counted : {at_decision, at_dispatch}) {
        for (const std::uint32_t slots : {1U, 10U, 100U}) {
          compare_on_random_traffic({share, floor, counted, slots});
        }
      }
    }
  }
}

TEST(ConcurrencyBudget, AgreesWithListsOfAllEvents) {
  for (const sim::Duration interval : {0_s, 2_s}) {
    const ConcurrencyBudget spec{.percent = 30, .min = 2, .interval = interval};
    RetryBudget budget(spec);
    EventList started(interval.ns > 0 ? interval : 10_ns, 10);
    sim::Draw draw(5);
    sim::Time now{};
    int in_flight = 0;
    int retries = 0;
    for (int i = 0; i < 4000; ++i) {
      now = now + sim::from_seconds(sim::exponential(draw) * 0.02);
      const std::uint32_t what = draw.below(4);
      if (what < 2) {
        budget.on_attempt_start(now);
        started.add(now);
        ++in_flight;
      } else if (what == 2 && in_flight > 0) {
        budget.on_attempt_end(now);
        --in_flight;
        const double base = interval.ns > 0 ? started.count(now) : in_flight;
        const int cap = std::max(static_cast<int>(0.3 * base), 2);
        ASSERT_EQ(budget.balance(now), std::max(0, cap - retries)) << "step " << i;
        const bool allowed = budget.try_withdraw(now, false);
        ASSERT_EQ(allowed, retries < cap) << "step " << i;
        retries += allowed ? 1 : 0;
      } else if (what == 3 && retries > 0) {
        budget.on_retry_end(now);
        --retries;
      }
    }
  }
}

TEST(TokenBudget, AgreesWithExactArithmeticOnRandomTraffic) {
  const TokenBudget spec{.capacity = 7,
                         .per_request = 0.1,
                         .per_success = 0.03,
                         .per_second = 0,
                         .cost = 1.5,
                         .above = 2};
  RetryBudget budget(spec);
  int hundredths = 700;
  sim::Draw draw(21);
  for (int i = 0; i < 20'000; ++i) {
    const std::uint32_t what = draw.below(8);
    if (what < 5) {
      budget.on_request({});
      hundredths = std::min(700, hundredths + 10);
    } else if (what < 7) {
      budget.on_result({}, true, false, false);
      hundredths = std::min(700, hundredths + 3);
    } else {
      const bool allowed = hundredths > 200;
      ASSERT_EQ(budget.try_withdraw({}, false), allowed) << "step " << i;
      if (allowed) hundredths -= 150;
    }
  }
}

}  // namespace
}  // namespace spillway::model
