/**
 * The event store on Redis or Valkey: {@link dev.events.redis.RedisEventStore} over a
 * {@code RedisConnectionFactory}. The log is one stream, everything that changes state is
 * a Lua script in the resources of this package, and all keys share one hash tag, so that
 * each script is atomic on a cluster, too.
 */
@NullMarked
package dev.events.redis;

import org.jspecify.annotations.NullMarked;
