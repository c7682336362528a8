#include "sim/event_queue.h"

#include <algorithm>

namespace spillway::sim {

EventQueue::EventQueue() = default;

LaneId EventQueue::lane(Duration delay) {
  assert(delay.ns >= 0);
  const auto place = std::lower_bound(delays_.begin(), delays_.end(), delay,
                                      [](const std::pair<Duration, LaneId>& known,
                                         Duration wanted) { return known.first < wanted; });
  if (place != delays_.end() && place->first == delay) return place->second;
  const LaneId id{static_cast<std::uint32_t>(lanes_.size())};
  delays_.insert(place, {delay, id});
  lanes_.emplace_back(delay);
  heads_.resize(lanes_.size());
  return id;
}

std::size_t EventQueue::size() const {
  std::size_t total = heap_.size();
  for (const detail::Lane& lane : lanes_) total += lane.size();
  return total;
}

}  // namespace spillway::sim
