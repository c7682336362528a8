// Runtime of WindowBudget: retries as a share of the requests of a sliding window, with a floor
// (GEP-3388, `retryConstraint`). The text of the API leaves its arithmetic open; WindowReading
// holds every choice. Windows are slotted (SlotWindow). Plain value; not for several threads at
// once.
#pragma once

#include <cstdint>

#include "model/policy/budget_events.h"
#include "model/policy/slot_window.h"
#include "model/spec/client_policy.h"

namespace spillway::model {

/// How to read a `retryConstraint`. The defaults stay closest to the words of the API.
struct WindowReading {
  /// What `percent` is a percentage of.
  enum class Share : std::uint8_t {
    all,  ///< requests and retries: "200 of those requests may be composed of retries"; cap of the
          ///< amplification 1 / (1 - share)
    originals  ///< requests without their retries; cap 1 + share
  };
  /// What `minRetryRate` grants.
  enum class Floor : std::uint8_t {
    per_min_interval,  ///< a retry is allowed while fewer than `min_count` were made in the last
                       ///< `min_interval`
    scaled  ///< at least min_count * interval / min_interval retries in every `interval`: may come
            ///< at once
  };
  /// When a retry starts to count.
  enum class Counted : std::uint8_t {
    at_decision,  ///< when it is granted: the share is never exceeded
    at_dispatch   ///< when it is sent: retries that wait in a backoff are not seen
  };

  Share share = Share::all;
  Floor floor = Floor::per_min_interval;
  Counted counted = Counted::at_decision;
  std::uint32_t slots = 100;  ///< of each window

  bool operator==(const WindowReading&) const = default;
};

class WindowBudgetState : public BudgetEvents {
 public:
  WindowBudgetState(const WindowBudget& spec, const WindowReading& reading);

  void on_request(sim::Time now) { requests_.add(now); }

  void on_retry_start(sim::Time now) {
    if (reading_.counted == WindowReading::Counted::at_dispatch) count_retry(now);
  }

  bool try_withdraw(sim::Time now, bool after_timeout);

  double balance(sim::Time now) const;

 private:
  void count_retry(sim::Time now) {
    retries_.add(now);
    if (reading_.floor == WindowReading::Floor::per_min_interval) recent_retries_.add(now);
  }

  /// Retries that the window may hold, by share (and scaled floor).
  double cap(std::uint64_t requests, std::uint64_t retries) const;

  WindowReading reading_;
  SlotWindow requests_;
  SlotWindow retries_;
  SlotWindow recent_retries_;  ///< of the last min_interval
  double percent_;
  double scaled_floor_ = 0;
  std::uint32_t min_count_;
};

}  // namespace spillway::model
