#include "model/envoy/host_pool.h"

#include <gtest/gtest.h>

namespace spillway::model::envoy {
namespace {

using Admission = HostPool::Admission;
using Next = HostPool::Next;

struct Pool {
  Resources resources;
  HostPool pool;
  std::uint32_t number = 0;

  explicit Pool(Limits limits = {}, std::uint32_t streams = 1) : resources(limits), pool(streams) {}
  Admission admit() { return pool.admit(resources, {number++, 0}); }
  int connect() {
    int opened = 0;
    while (pool.connect(resources)) ++opened;
    return opened;
  }
  Next next(Waiter& who) {
    return pool.next(resources, who, [](const Waiter& w) { return w.generation == 0; });
  }
  Next next() {
    Waiter who;
    return next(who);
  }
};

Limits limited(std::uint32_t connections, std::uint32_t pending, std::uint32_t requests) {
  Limits limits;
  limits.connections = connections;
  limits.pending = pending;
  limits.requests = requests;
  return limits;
}

TEST(HostPool, LetsARequestWaitForItsNewConnection) {
  Pool pool;
  EXPECT_EQ(pool.admit(), Admission::waits);
  EXPECT_EQ(pool.resources.pending, 1U);
  EXPECT_EQ(pool.connect(), 1);
}

TEST(HostPool, CountsThoseThatWaitForNewConnectionsAsPending) {
  Pool pool(limited(5, 10, 1024));
  int waiting = 0;
  for (int i = 0; i < 40; ++i) waiting += pool.admit() == Admission::waits;
  EXPECT_EQ(waiting, 10);
  EXPECT_EQ(pool.connect(), 5);
}

TEST(HostPool, LetsNobodyWaitWithoutPendingRequests) {
  Pool pool(limited(5, 0, 1024));
  EXPECT_EQ(pool.admit(), Admission::overflow);
}

TEST(HostPool, ServesThoseThatWaitInOrder) {
  Pool pool;
  pool.admit();
  pool.admit();
  pool.connect();
  pool.pool.connected();
  Waiter who{9, 9};
  EXPECT_EQ(pool.next(who), Next::serve);
  EXPECT_EQ(who.index, 0U);
  EXPECT_EQ(pool.next(), Next::none);
  EXPECT_EQ(pool.resources.requests, 1U);
  EXPECT_EQ(pool.resources.pending, 1U);
}

TEST(HostPool, ReusesAConnection) {
  Pool pool;
  pool.admit();
  pool.connect();
  pool.pool.connected();
  pool.next();
  pool.pool.release(pool.resources, true);
  EXPECT_EQ(pool.admit(), Admission::ready);
  EXPECT_EQ(pool.resources.connections, 1U);
}

TEST(HostPool, LosesTheConnectionOfABrokenRequest) {
  Pool pool;
  pool.admit();
  pool.connect();
  pool.pool.connected();
  pool.next();
  pool.pool.release(pool.resources, false);
  EXPECT_EQ(pool.resources.connections, 0U);
  EXPECT_EQ(pool.admit(), Admission::waits);
}

TEST(HostPool, RefusesARequestAboveMaxRequestsWhenItGetsItsConnection) {
  Pool pool(limited(1024, 1024, 1));
  pool.admit();
  pool.admit();
  EXPECT_EQ(pool.connect(), 2);
  pool.pool.connected();
  pool.pool.connected();
  EXPECT_EQ(pool.next(), Next::serve);
  EXPECT_EQ(pool.next(), Next::refused);
}

TEST(HostPool, RefusesARequestAboveMaxRequestsOnAnIdleConnection) {
  Pool pool(limited(1024, 1024, 1));
  pool.admit();
  pool.connect();
  pool.pool.connected();
  pool.next();
  pool.pool.release(pool.resources, true);
  pool.resources.requests = 1;
  EXPECT_EQ(pool.admit(), Admission::overflow);
}

TEST(HostPool, OpensAFirstConnectionAboveMaxConnections) {
  Pool pool(limited(1, 1024, 1024));
  pool.resources.connections = 1;  // to another host
  pool.admit();
  pool.admit();
  EXPECT_EQ(pool.connect(), 1);
}

TEST(HostPool, SkipsThoseThatHaveGone) {
  Pool pool;
  pool.pool.admit(pool.resources, {0, 1});  // stale
  pool.pool.leave(pool.resources);
  pool.admit();
  pool.connect();
  pool.pool.connected();
  Waiter who;
  EXPECT_EQ(pool.next(who), Next::serve);
  EXPECT_EQ(who.generation, 0U);
  EXPECT_EQ(pool.resources.pending, 0U);
}

TEST(HostPool, FailsAllThatWaitWhenAConnectionFails) {
  Pool pool;
  pool.admit();
  pool.admit();
  pool.connect();
  pool.pool.connect_failed(pool.resources);
  Waiter who;
  int failed = 0;
  while (pool.pool.purge(who, [](const Waiter&) { return true; })) ++failed;
  EXPECT_EQ(failed, 2);
  EXPECT_EQ(pool.resources.pending, 2U);  // until each failure has been judged
  HostPool::drop_purged(pool.resources);
  EXPECT_EQ(pool.resources.pending, 1U);
  EXPECT_EQ(pool.resources.connections, 1U);  // the other is still being made
}

TEST(HostPool, SharesAnHttp2Connection) {
  Pool pool({}, 100);
  pool.admit();
  pool.admit();
  EXPECT_EQ(pool.connect(), 1);
  pool.pool.connected();
  EXPECT_EQ(pool.next(), Next::serve);
  EXPECT_EQ(pool.next(), Next::serve);
  EXPECT_EQ(pool.admit(), Admission::ready);
  pool.pool.release(pool.resources, false);
  EXPECT_EQ(pool.resources.connections, 1U);
}

TEST(HostPool, ForgetsIdleConnectionsOfAHostThatWentDown) {
  Pool pool;
  pool.admit();
  pool.connect();
  pool.pool.connected();
  pool.next();
  pool.pool.release(pool.resources, true);
  pool.pool.close_idle(pool.resources);
  EXPECT_EQ(pool.resources.connections, 0U);
  EXPECT_EQ(pool.admit(), Admission::waits);
}

}  // namespace
}  // namespace spillway::model::envoy
