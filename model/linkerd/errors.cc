#include "model/linkerd/errors.h"

#include <array>

namespace spillway::model::linkerd {

namespace {

EndpointError reset(Transport transport, Error kind) {
  const bool refused = kind == Error::h2_refused_stream;
  if (transport == Transport::orig_proto) return {kind, true, refused};
  if (transport == Transport::http2) return {Error::h2_reset, false, refused};
  return {kind, false, refused};
}

}  // namespace

std::string_view to_string(Error error) {
  static constexpr std::array<std::string_view, 16> kNames{"",
                                                           "request_timeout",
                                                           "response_timeout",
                                                           "retry_timeout",
                                                           "idle_timeout",
                                                           "profile_timeout",
                                                           "failfast",
                                                           "loadshed",
                                                           "connect_error",
                                                           "connection_lost",
                                                           "io_error",
                                                           "h2_refused_stream",
                                                           "h2_cancel",
                                                           "h2_internal",
                                                           "h2_reset",
                                                           "unexpected"};
  return kNames[static_cast<std::size_t>(error)];
}

EndpointError endpoint_error(Transport transport, Breakage breakage) {
  if (breakage == Breakage::connect_refused) return {Error::connect_error, true, false};
  if (transport == Transport::http1) return {Error::unexpected, false, false};
  const bool streams = transport != Transport::none;
  switch (breakage) {
    case Breakage::closed:
      return {Error::connection_lost, true, false};
    case Breakage::io:
      if (streams) return reset(transport, Error::h2_internal);
      return {Error::io_error, true, false};
    case Breakage::refused_stream:
      return reset(transport, Error::h2_refused_stream);
    case Breakage::cancel:
      return reset(transport, Error::h2_cancel);
    case Breakage::internal:
      return reset(transport, Error::h2_internal);
    default:
      if (streams) return reset(transport, Error::h2_internal);
      return {Error::unexpected, false, false};
  }
}

bool retryable(Error error, bool refused_stream) {
  return error == Error::failfast || error == Error::retry_timeout || refused_stream;
}

ProxyAnswer answer_for(Error error, bool grpc) {
  const auto answer = [grpc](std::uint16_t status, int code) {
    return grpc ? ProxyAnswer{200, code} : ProxyAnswer{status, -1};
  };
  switch (error) {
    case Error::request_timeout:
    case Error::response_timeout:
    case Error::retry_timeout:
    case Error::idle_timeout:
    case Error::profile_timeout:
    case Error::failfast:
      return answer(504, 4);
    case Error::loadshed:
      return answer(503, 14);
    case Error::connect_error:
    case Error::connection_lost:
    case Error::io_error:
      return answer(502, 14);
    case Error::h2_refused_stream:
    case Error::h2_cancel:
    case Error::h2_internal:
    case Error::h2_reset:
      return {};
    default:
      return answer(500, 13);
  }
}

}  // namespace spillway::model::linkerd
