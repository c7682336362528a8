// Plays a script against the executor of linkerd2-proxy, in exact virtual time.
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <string>
#include <vector>

#include "tests/recordings/linkerd_script.h"

namespace spillway::recordings::linkerd {

// Order of the events of one instant.
inline constexpr int kReplies = 0;
inline constexpr int kArrivals = 1;
inline constexpr int kWaits = 2;
inline constexpr int kWireReplies = 3;  ///< a few tasks later than those that need no connection
inline constexpr int kPeek = 4;
inline constexpr int kDeadlines = 5;
inline constexpr int kFailfast = 6;
inline constexpr int kDelivery = 7;

/// Bytes of a chunk of a streamed request.
inline constexpr std::uint64_t kChunk = 16384;

struct RequestRow {
  Millis sent = 0;
  Millis headers = -1;  ///< -1: never
  Millis end = -1;
  int status = 0;
  int grpc_status = -1;
  std::string error;
  std::string seen_as;
  std::uint64_t body_bytes = 0;
  int endpoint = -1;  ///< that answered
  bool gave_up = false;
};

struct AttemptRow {
  std::size_t request = 0;
  int endpoint = 0;
  Millis start = 0;
  Millis end = -1;
  char how = 'p';
};

struct Run {
  std::vector<RequestRow> requests;
  std::vector<AttemptRow> attempts;
  std::vector<std::pair<int, Millis>> connects;
};

class Driver {
 public:
  Driver(const Script& script, sim::Key seed);
  Run play();

 private:
  using Handle = model::linkerd::Handle;
  using EndpointRef = model::linkerd::EndpointRef;
  using Action = model::linkerd::Action;

  struct Event {
    Millis at;
    int priority;
    std::uint64_t sequence;
    std::function<void()> what;
    bool operator<(const Event& other) const {
      return std::tie(at, priority, sequence) > std::tie(other.at, other.priority, other.sequence);
    }
  };

  /// A client's request: how much of its body it has given away.
  struct Client {
    Handle handle;
    std::uint64_t chunks = 1;
    std::uint64_t read = 0;
    bool reading = false;
    std::int64_t attempt = -1;  ///< that uploads now
  };

  /// A try as the network and the backend see it.
  struct Try {
    Handle handle;
    std::size_t client = 0;
    int endpoint = 0;
    EndpointRef ref;
    std::int64_t row = -1;
    Reply reply;
    bool over = false;      ///< cancelled, broken or ended
    bool answered = false;  ///< headers have been sent
    bool uploaded = false;
    bool on_connection = false;
    std::uint64_t sent_chunks = 0;
    std::size_t frame = 0;
  };

  struct Peer {
    EndpointRef ref;
    std::size_t arrivals = 0;
    std::size_t connects = 0;
    int idle_connections = 0;
    bool present = false;
  };

  void at(Millis when, int priority, std::function<void()> what);
  sim::Time now() const { return sim::Time{now_ * 1'000'000}; }
  void perform_all();
  void perform(const Action& action);
  void start_request(std::size_t client);
  void add_peer(std::uint32_t endpoint);
  void remove_peer(std::uint32_t endpoint);
  std::uint32_t backend_of(std::uint32_t endpoint) const;
  int endpoint_of(EndpointRef ref) const;

  void send(const Action& action);
  void connect_try(std::size_t index);
  void connect_peer(int endpoint);
  Connect next_connect(int endpoint);
  void arrive(std::size_t index);
  const Reply& choose_reply(int endpoint);
  void upload(std::size_t index);
  void reply_after(std::size_t index);
  void answer(std::size_t index);
  void break_off(std::size_t index);
  void kill_connection(std::size_t index);
  void next_frame(std::size_t index);
  void close(std::size_t index, bool reusable);
  void cancel(Handle handle);
  Try* find(Handle handle);

  const Script& script_;
  bool wire_;
  model::linkerd::Actions actions_;
  model::linkerd::Executor executor_;
  Millis now_ = 0;
  std::size_t unanswered_ = 0;
  std::uint64_t sequence_ = 0;
  std::priority_queue<Event> events_;
  std::vector<Client> clients_;
  std::vector<Try> tries_;
  std::vector<Peer> peers_;
  std::vector<std::vector<int>> names_;  ///< endpoint of (backend, index)
  std::vector<std::int64_t> try_of_slot_;
  std::vector<std::size_t> client_of_slot_;
  Run run_;
};

}  // namespace spillway::recordings::linkerd
