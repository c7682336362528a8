#include "model/workload/arrivals.h"

#include <variant>

namespace spillway::model {

ArrivalProcess::ArrivalProcess(const Arrivals& arrivals, sim::Key key, sim::Time horizon)
    : key_(key) {
  if (const auto* poisson = std::get_if<PoissonArrivals>(&arrivals)) {
    path_ = RatePath(poisson->rate);
    law_ = Law::poisson;
  } else if (const auto* mmpp = std::get_if<MmppArrivals>(&arrivals)) {
    path_ = RatePath(*mmpp, sim::combine(key, sim::hash_name("state")), horizon);
    law_ = Law::poisson;
  } else if (const auto* constant = std::get_if<ConstantArrivals>(&arrivals)) {
    path_ = RatePath(constant->rate);
    law_ = Law::constant;
  } else if (const auto* renewal = std::get_if<RenewalArrivals>(&arrivals)) {
    path_ = RatePath(renewal->rate);
    law_ = Law::renewal;
    variance_ = renewal->cv * renewal->cv;
  } else if (const auto* timed = std::get_if<TimedArrivals>(&arrivals)) {
    times_ = timed->times;
  }
}

std::optional<sim::Time> ArrivalProcess::next_other() {
  const std::uint64_t index = index_++;
  if (law_ == Law::timed) {
    if (index >= times_.size()) return std::nullopt;
    return times_[index];
  }
  if (law_ == Law::constant) return path_.advance(index == 0 ? 0 : 1);
  if (variance_ == 0) return path_.advance(1);
  sim::Draw draw(sim::combine(key_, index));
  return path_.advance(sim::gamma(draw, 1 / variance_) * variance_);
}

}  // namespace spillway::model
