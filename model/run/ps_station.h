// Egalitarian processor sharing: n requests at work on c workers each progress at rate min(1, c/n)
// (Kleinrock, Queueing Systems II, ch. 4). Kept in virtual time, so that an arrival or departure
// costs O(log n). Plain data; one thread.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/time.h"

namespace spillway::model {

class PsStation {
 public:
  /// `work` of `job` starts (a worker would need so long for it alone).
  void start(sim::Time now, std::uint32_t job, sim::Duration work);
  /// `job` leaves without being finished; nothing happens if it is not here.
  void remove(sim::Time now, std::uint32_t job);
  void set_workers(sim::Time now, double workers);

  bool empty() const { return items_.empty(); }
  std::uint32_t size() const { return static_cast<std::uint32_t>(items_.size()); }
  /// When the next job will have finished if nothing changes; kNever when empty or without workers.
  sim::Time next_done(sim::Time now);
  /// Takes out the job that is due.
  std::uint32_t finish(sim::Time now);

  std::uint32_t epoch = 0;  ///< of the timer that was set for next_done()

 private:
  struct Item {
    double done;  ///< virtual time of completion, ns
    std::uint64_t sequence;
    std::uint32_t job;
    bool operator>(const Item& o) const {
      return done != o.done ? done > o.done : sequence > o.sequence;
    }
  };
  void advance(sim::Time now);
  double rate() const;

  std::vector<Item> items_;  ///< heap, earliest first
  double virtual_ = 0;
  double workers_ = 0;
  std::uint64_t sequence_ = 0;
  sim::Time last_;
};

}  // namespace spillway::model
