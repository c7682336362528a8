// What goes wrong below, and what becomes of it on the way up to the application. Pure functions;
// any thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "model/linkerd/policy.h"

namespace spillway::model::linkerd {

/// How a try ended without an answer, as the network saw it.
enum class Breakage : std::uint8_t {
  connect_refused,  ///< HTTP/1 only: other connections are made before requests
  io,               ///< an I/O error (reset by peer, broken pipe, ...)
  closed,           ///< the peer closed the connection in the middle of a request
  refused_stream,   ///< RST_STREAM with REFUSED_STREAM
  cancel,           ///< RST_STREAM with CANCEL
  internal,         ///< RST_STREAM with INTERNAL_ERROR
  upload_idle,      ///< the request body stalled for the idle timeout
  other
};

/// Why a request was not answered by a backend.
enum class Error : std::uint8_t {
  none,
  request_timeout,
  response_timeout,
  retry_timeout,
  idle_timeout,
  profile_timeout,
  failfast,
  loadshed,
  connect_error,
  connection_lost,
  io_error,
  h2_refused_stream,
  h2_cancel,
  h2_internal,
  h2_reset,
  unexpected
};

/// "request_timeout", ...; empty for none.
std::string_view to_string(Error error);

/// What the endpoint stack makes of a broken try: an error, or (`as_response`) a 502, for gRPC code
/// 14, that retries and breakers see as an answer.
struct EndpointError {
  Error error = Error::none;
  bool as_response = false;
  bool refused_stream = false;  ///< retried whatever the policy lists
};
EndpointError endpoint_error(Transport transport, Breakage breakage);

/// Whether a retry policy covers an error that is no response (policy/route/retry.rs): failfast of
/// a queue, the retry timeout and REFUSED_STREAM.
bool retryable(Error error, bool refused_stream);

/// The answer that the application gets for an error before the headers.
struct ProxyAnswer {
  std::uint16_t status = 0;  ///< 0: the stream is reset
  int grpc_status = -1;
};
ProxyAnswer answer_for(Error error, bool grpc);

}  // namespace spillway::model::linkerd
