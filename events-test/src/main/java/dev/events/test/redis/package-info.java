/**
 * A Redis for tests: {@link dev.events.test.redis.RedisServer} runs it in a container or
 * from an embedded binary, {@link dev.events.test.redis.RedisCluster} is three masters.
 */
@NullMarked
package dev.events.test.redis;

import org.jspecify.annotations.NullMarked;
