// Runtime of AdaptiveThrottle: a client refuses requests itself with probability max(0, (requests -
// k * accepts) / (requests + 1)), both counted over a window
// ("Handling Overload", Site Reliability Engineering, ch. 21). Refused requests count as requests.
// The window is slotted (SlotWindow, 120 slots: seconds, at the default of two minutes). Plain
// value, one per client instance; not for several threads at once.
#pragma once

#include <cstdint>

#include "model/policy/slot_window.h"
#include "model/spec/client_policy.h"
#include "sim/random.h"

namespace spillway::model {

class ThrottleState {
 public:
  static constexpr std::uint32_t kSlots = 120;

  explicit ThrottleState(const AdaptiveThrottle& spec)
      : requests_(spec.window, kSlots), accepts_(spec.window, kSlots), k_(spec.k) {}

  /// A request wants to start: may it? False: it fails here and now. Draws one number, only if the
  /// answer is open.
  bool admit(sim::Time now, sim::Draw& draw) {
    const auto requests = static_cast<double>(requests_.count(now));
    requests_.add(now);
    const double surplus = requests - k_ * static_cast<double>(accepts_.count(now));
    return surplus <= 0 || draw.uniform() * (requests + 1) >= surplus;
  }

  /// An admitted request was accepted by the other side.
  void on_accept(sim::Time now) { accepts_.add(now); }

 private:
  SlotWindow requests_;
  SlotWindow accepts_;
  double k_;
};

}  // namespace spillway::model
